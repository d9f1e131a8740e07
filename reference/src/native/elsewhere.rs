//! Where there are no descriptors: a loop needs a system of its own.

use std::rc::Rc;

use crate::errno::EOPNOTSUPP;
use crate::exception::Exception;
use crate::profile::Profile;
use crate::socket::{Family, Kind, Socket};
use crate::system::{AskedList, Ready, System};

/// Stands for the operating system and refuses everything.
#[derive(Clone, Copy, Debug)]
pub struct NativeSystem;

impl NativeSystem {
    /// Creates it.
    pub fn new(_profile: Profile) -> Self {
        Self
    }
}

pub(crate) fn socket(_family: Family, _kind: Kind) -> Result<Rc<dyn Socket>, Exception> {
    Err(Exception::Os(EOPNOTSUPP))
}

impl System for NativeSystem {
    fn select(&self, _: &AskedList, _: Option<f64>, _: &mut Vec<Ready>) -> Result<(), Exception> {
        Err(Exception::Os(EOPNOTSUPP))
    }

    fn poll(&self, _: &AskedList, _: Option<i64>, _: &mut Vec<Ready>) -> Result<(), Exception> {
        Err(Exception::Os(EOPNOTSUPP))
    }

    fn sleep(&self, _: f64) -> Result<(), Exception> {
        Err(Exception::Os(EOPNOTSUPP))
    }
}
