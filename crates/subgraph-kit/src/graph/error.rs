//! From a use case's error to what the person sees.

use super::{
    busy::{self, Busy},
    words::Problem,
};
use async_graphql::{Error, ErrorExtensions, ServerError};
use djinn_kernel::{Code, Reason, ids::InvalidId, page::InvalidPage, viewer::Denied};
use std::sync::Arc;

/// An error with a stable code. `Display` is what the person reads, except for
/// [`Code::Internal`], whose text stays in the log.
pub trait Coded: std::error::Error + Send + Sync + 'static {
    /// The code.
    fn code(&self) -> Code;
    /// The input it is about, as a path like `input.name`.
    fn field(&self) -> Option<String> {
        None
    }
    /// The seconds to wait, if that is all it takes.
    fn retry_after(&self) -> Option<i64> {
        None
    }
    /// Which sentence `Display` is and what stands in it, where other languages cannot tell by the
    /// code.
    fn reason(&self) -> Option<(Reason, Vec<String>)> {
        None
    }
}

impl Coded for InvalidId {
    fn code(&self) -> Code {
        Code::InvalidId
    }
}
impl Coded for InvalidPage {
    fn code(&self) -> Code {
        Self::code(self)
    }
    fn field(&self) -> Option<String> {
        Some(
            match self {
                Self::Size(_) => "first",
                Self::Cursor => "after",
            }
            .to_owned(),
        )
    }
}
impl Coded for Denied {
    fn code(&self) -> Code {
        Self::code(*self)
    }
}
impl Coded for djinn_kernel::Fault {
    fn code(&self) -> Code {
        Code::Internal
    }
}

/// The same as [`refuse`], for who answers without a resolver: doors, endpoints, the router.
pub fn coded(code: Code, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    error
        .extensions
        .get_or_insert_default()
        .set("code", code.as_str());
    error
}

/// A GraphQL error with a code and a text that may be published.
pub fn refuse(code: Code, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code.as_str()))
}

fn publish<E: Coded>(error: E) -> Error {
    if error.code() == Code::Internal {
        // Without a code: the mask logs it and publishes a fixed text.
        if busy::is_behind(&error) {
            return Error {
                source: Some(Arc::new(Busy)),
                ..Error::new(error.to_string())
            };
        }
        return Error::new_with_source(error);
    }
    let field = error.field();
    refuse(error.code(), error.to_string()).extend_with(|_, extensions| {
        if let Some(field) = field {
            extensions.set("field", field);
        }
    })
}

/// Turns a use case's result into a resolver's.
pub trait OrRefuse<T, E> {
    /// The value, or a coded GraphQL error (queries and subscriptions).
    fn or_refuse(self) -> Result<T, Error>;
    /// The value, or the problem for a mutation's payload; a fault is still a GraphQL error.
    fn or_problem(self) -> Result<Result<T, Problem>, Error>;
}

impl<T, E: Coded> OrRefuse<T, E> for Result<T, E> {
    fn or_refuse(self) -> Result<T, Error> {
        self.map_err(publish)
    }

    fn or_problem(self) -> Result<Result<T, Problem>, Error> {
        match self {
            Ok(value) => Ok(Ok(value)),
            // Who may not do it gets an error, like everywhere; what is wrong with the input, or
            // with the state of things, is an answer.
            Err(error)
                if matches!(
                    error.code(),
                    Code::Internal | Code::Unauthenticated | Code::Forbidden
                ) =>
            {
                Err(publish(error))
            }
            Err(error) => {
                let (reason, values) = error.reason().unzip();
                debug_assert!(
                    reason.is_none_or(|reason| {
                        reason.code() == error.code()
                            && values.as_ref().map_or(0, Vec::len) == reason.open().len()
                    }),
                    "{reason:?} is of another code, or has other values"
                );
                Ok(Err(Problem {
                    code: error.code().as_str().to_owned(),
                    field: error.field(),
                    retry_after: error.retry_after(),
                    message: error.to_string(),
                    reason: reason.map(|reason| reason.as_str().to_owned()),
                    values: values.unwrap_or_default(),
                }))
            }
        }
    }
}
