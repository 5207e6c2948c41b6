//! The plans of one document: one for each set of answers that its conditions get.

use crate::{
    overrides::Side,
    plan::{Planner, Unplannable},
    planning_document::{conditions, for_planner},
    steps::Plan,
};
use async_graphql::{Name, Value, Variables};
use graphql_tools::static_graphql::query::Document;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// So many plans of a document are kept; clients use few of the answers there could be.
const MOST: usize = 16;

/// What each variable of a condition is; nothing, when it is null.
type Answers = Box<[Option<bool>]>;

/// How one document is answered, planned as far as somebody has asked.
#[derive(Debug)]
pub struct Ways {
    document: Document,
    operation: Option<String>,
    side: Side,
    conditions: Vec<Name>,
    plans: Mutex<VecDeque<(Answers, Arc<Plan>)>>,
}

impl Ways {
    /// None yet, of a validated document, for the requests of one side.
    pub fn new(document: Document, operation: Option<&str>, side: Side) -> Self {
        Self {
            conditions: conditions(&document),
            document,
            operation: operation.map(str::to_owned),
            side,
            plans: Mutex::default(),
        }
    }

    /// Whether there is one only, whatever the variables are.
    pub const fn is_single(&self) -> bool {
        self.conditions.is_empty()
    }

    fn answers(&self, variables: &Variables) -> Answers {
        let answers = self
            .conditions
            .iter()
            .map(|name| match variables.get(name) {
                Some(Value::Boolean(answer)) => Some(*answer),
                _ => None,
            });
        answers.collect()
    }

    /// The plan for these variables, if somebody has asked for it before.
    pub fn known(&self, variables: &Variables) -> Option<Arc<Plan>> {
        let answers = self.answers(variables);
        let plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        let found = plans.iter().find(|(known, _)| *known == answers);
        found.map(|(_, plan)| Arc::clone(plan))
    }

    /// Plans for these variables. Work for a core.
    pub fn plan(&self, planner: &Planner, variables: &Variables) -> Result<Arc<Plan>, Unplannable> {
        let answers = self.answers(variables);
        let answer = |name: &str| {
            let at = self.conditions.iter().position(|known| known == name)?;
            answers[at]
        };
        let operation = self.operation.as_deref();
        let document = for_planner(self.document.clone(), operation, planner.names(), &answer);
        let plan = Arc::new(match document {
            Some(document) => planner.plan(&document, operation, self.side)?,
            None => Plan {
                source: None,
                step: None,
            },
        });
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if plans.len() == MOST {
            plans.pop_front();
        }
        plans.push_back((answers, Arc::clone(&plan)));
        Ok(plan)
    }
}
