//! Chooses the profile that a subject is judged under.

use asyncore_conformance::subject::Identity;
use asyncore_spec::profile::{Profile, Release};

use super::Trouble;
use super::subjects::Job;

/// Is a profile with the reason for it.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) profile: Profile,
    /// The release that the subject is held to.
    pub(crate) follows: Release,
    /// How the profile was chosen.
    pub(crate) why: String,
}

impl Choice {
    /// Chooses the profile for a subject. A profile from the command line wins; a subject that follows a release near
    /// to it is held to that very release all the same.
    pub(crate) fn of(job: &Job<'_>, identity: &Identity, asked: Option<Profile>) -> Result<Self, Trouble> {
        let said = identity.follows.parse::<Release>();
        if job.is_reference() {
            let profile = job.profile.unwrap_or(Profile::Py311);
            let why = if asked.is_some() { ON_COMMAND_LINE } else { "the reference is judged under every profile" };
            return Ok(Self { profile, follows: profile.release(), why: why.to_owned() });
        }
        match (asked, said) {
            (Some(profile), said) => {
                let near = said.ok().filter(|release| Profile::nearest(*release) == profile);
                Ok(Self {
                    profile,
                    follows: near.unwrap_or_else(|| profile.release()),
                    why: ON_COMMAND_LINE.to_owned(),
                })
            }
            (None, Ok(follows)) => {
                let why = "the nearest to the release that the subject says it follows".to_owned();
                Ok(Self { profile: Profile::nearest(follows), follows, why })
            }
            (None, Err(_)) => Err(Trouble::new(format_args!(
                "the subject `{}` says that it follows `{}`, which is no release such as `3.11` or `2.7.18`; correct it or \
                 choose a profile with --profile",
                job.text(),
                identity.follows
            ))),
        }
    }
}

const ON_COMMAND_LINE: &str = "chosen on the command line";
