//! What an operation may cost, told before anything runs.
//!
//! The weights are those of `@cost` and `@listSize` in the supergraph, as the IBM GraphQL cost
//! specification defines them and Federation 2.9 has them: an object, interface, union or input
//! object weighs 1, a scalar or enum 0, a mutation 10 besides; a list weighs its items times its
//! size. See docs/adr/0012-cost.md for what differs and why.
//!
//! [`count`] turns a document into an [`Estimate`] once, when it is prepared. Only sizes and input
//! objects that come by variables are left to do for each request.

mod count;
mod estimate;
mod owners;
mod weights;

pub use count::{Sought, of_operation};
pub use estimate::{Estimate, too_many};
pub use weights::Weights;
