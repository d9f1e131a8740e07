//! What needs a Python interpreter.
//!
//! `ASYNCORE_PYTHONS` names the interpreters, separated by spaces. Without it, those on `PATH` and those of pyenv are
//! used whose asyncore can be imported. Where there is none the tests fail: nothing is skipped in silence.

mod bad; // subjects that cannot be used, or that do not do what they should
mod conform; // every interpreter passes every clause
mod deviations; // a port that says what it does otherwise is held to that
mod examples; // the programs of the manuals do what the reference's do
mod fair; // ports that are right in their own way are not accused
mod first_order; // CPython with any one small change is caught, or it is said why not
mod installed; // packages that pip installs
mod interpreters; // which interpreters there are
mod recheck; // a recorded run is judged the same without the interpreter
mod reentry; // channels that call each other back do so as the reference's do
mod repeat; // a run can be repeated
mod scripts; // scenarios as programs of their own do on plain asyncore what is expected
mod spoil; // CPython with one thing spoiled is caught, and the right clause blamed
mod subjects; // starts an interpreter and runs the suite on it
mod supervisor; // the one living implementation of the 2.5 generation
mod waitress; // an asyncore that lives on in a web server
