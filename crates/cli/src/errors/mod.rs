//! Errors that end a command, and the exit codes of the program.

mod client_errors;
mod command_error;
mod exit;
mod follow_up;

pub(crate) use self::client_errors::{
    RETRY_READ, RUN_DOCTOR, exit_of_call, exit_of_outcomes, exit_of_report,
};
pub(crate) use self::command_error::{CommandError, split_support_ids};
pub(crate) use self::exit::Exit;
pub(crate) use self::follow_up::{FollowUp, check_job, login, quoted, wait_for_job};
