//! Reads the two lines that begin a clause: its heading and its fields.

use super::{Level, Scope};
use crate::clause_id::ClauseId;
use crate::feature::Feature;
use crate::profile::{Profile, Releases};
use crate::view::View;

/// Is the heading of a clause.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) id: ClauseId,
    /// None for a withdrawn clause.
    pub(super) weight: Option<(Level, Scope)>,
    pub(super) title: String,
}

/// Is the line of fields of a clause.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) profiles: Vec<Profile>,
    pub(super) python: Releases,
    pub(super) python_text: String,
    pub(super) spec: String,
    pub(super) needs: Vec<Feature>,
    pub(super) view: Option<View>,
}

type Parsed<T> = Result<T, String>;

/// Reads `INPUT-7 · MUST · portable — title` or `INPUT-7 · withdrawn — reason`.
pub(super) fn heading(text: &str, area: &str) -> Parsed<Heading> {
    let shape = "a clause's heading is `AREA-1 · LEVEL · SCOPE — title` or `AREA-1 · withdrawn — reason`";
    let Some((left, title)) = text.split_once('—') else { return Err(shape.to_owned()) };
    let title = title.trim();
    if title.is_empty() {
        return Err("a clause has a title after the dash".to_owned());
    }
    let parts: Vec<_> = left.split('·').map(str::trim).collect();
    let weight = match parts[..] {
        [_, "withdrawn"] => None,
        [_, level, scope] => {
            let level = Level::by_name(level).ok_or_else(|| unknown("level", level, Level::ALL))?;
            Some((level, Scope::by_name(scope).ok_or_else(|| unknown("scope", scope, Scope::ALL))?))
        }
        _ => return Err(shape.to_owned()),
    };
    Ok(Heading { id: name(parts[0], area)?, weight, title: title.to_owned() })
}

fn name(text: &str, area: &str) -> Parsed<ClauseId> {
    let number = text.split_once('-').filter(|(before, _)| *before == area).map(|(_, number)| number);
    let fits = |number: &&str| number.parse::<u32>().is_ok_and(|n| n > 0 && n.to_string() == **number);
    match number.filter(fits) {
        // Names live as long as the program: there are few, and everything refers to them.
        Some(_) => Ok(ClauseId::new(Box::leak(text.to_owned().into_boxed_str()))),
        None => Err(format!("`{text}` is no name of a clause of this area, such as `{area}-1`")),
    }
}

fn unknown<T: std::fmt::Display>(what: &str, found: &str, known: &[T]) -> String {
    let known: Vec<_> = known.iter().map(|item| format!("`{item}`")).collect();
    format!("`{found}` is no {what}; there are {}", known.join(", "))
}

/// Reads `profiles: py27 · python: 2.6– · spec: 0.1 · needs: chat · view: stream`.
pub(super) fn fields(text: &str) -> Parsed<Fields> {
    let mut fields = Fields::default();
    let mut seen = Vec::new();
    for field in text.split('·') {
        let Some((key, value)) = field.split_once(':') else {
            return Err(format!("`{}` is no field, such as `view: stream`", field.trim()));
        };
        let (key, value) = (key.trim(), value.trim());
        if seen.contains(&key) {
            return Err(format!("the field `{key}` stands twice"));
        }
        seen.push(key);
        fields.set(key, value)?;
    }
    let all = ["profiles", "python", "spec", "needs", "view"];
    match all.iter().find(|key| !seen.contains(key)) {
        Some(missing) => Err(format!("the field `{missing}` is missing")),
        None => Ok(fields),
    }
}

impl Fields {
    fn set(&mut self, key: &str, value: &str) -> Parsed<()> {
        match key {
            "profiles" => self.profiles = profiles(value)?,
            "python" => {
                self.python = if value == "all" { Releases::default() } else { value.parse()? };
                self.python_text = value.to_owned();
            }
            "spec" => {
                let is_version =
                    value.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
                self.spec = if is_version {
                    value.to_owned()
                } else {
                    return Err(format!("`{value}` is no version of the spec"));
                };
            }
            "needs" => self.needs = needs(value)?,
            "view" => self.view = Some(View::by_name(value).ok_or_else(|| unknown("view", value, View::ALL))?),
            _ => return Err(format!("`{key}` is no field of a clause")),
        }
        Ok(())
    }
}

/// Reads the names of profiles, oldest first.
pub(super) fn profiles(text: &str) -> Parsed<Vec<Profile>> {
    let found = text
        .split_whitespace()
        .map(|name| Profile::by_name(name).ok_or_else(|| unknown("profile", name, Profile::ALL)));
    let found: Vec<_> = found.collect::<Result<_, _>>()?;
    if found.is_empty() || !found.is_sorted_by(|a, b| a < b) {
        return Err("profiles are named oldest first, each once, and there is at least one".to_owned());
    }
    Ok(found)
}

fn needs(text: &str) -> Parsed<Vec<Feature>> {
    let found = text
        .split_whitespace()
        .map(|name| Feature::by_name(name).ok_or_else(|| unknown("feature", name, Feature::ALL)));
    let found: Vec<_> = found.collect::<Result<_, _>>()?;
    if found.is_empty() { Err("a clause needs at least one feature".to_owned()) } else { Ok(found) }
}
