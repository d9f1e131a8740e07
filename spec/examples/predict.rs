//! Prints what the model predicts for a scenario on standard input: `predict PROFILE [VIEW]`.

use std::io::Read;

use asyncore_spec::model::{Settings, predict};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Scenario;
use asyncore_spec::text::print_events;
use asyncore_spec::view::View;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let profile = args.next().and_then(|name| Profile::by_name(&name)).ok_or("usage: predict PROFILE [VIEW]")?;
    let view = args.next().map_or(Some(View::Exact), |name| View::by_name(&name)).ok_or("no such view")?;
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let scenario: Scenario = text.parse()?;
    let prediction = predict(&scenario, &Settings::of(profile));
    print!("{}", print_events(&view.project(&prediction.trace())));
    if let Some((_, why)) = prediction.unspecified {
        println!("# unspecified from here on: {why}");
    }
    for expected in &prediction.events {
        eprintln!("{:10} {}", expected.demand, expected.event);
    }
    Ok(())
}
