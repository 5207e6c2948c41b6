//! What is asked: four shapes of query, each with a seed that makes every request another one.

use serde_json::json;

/// A seed, and the mark that stands for any seed in the one right answer. As long as each other, so
/// that answers only differ in these bytes.
pub const MARK: &str = "s00000000";

/// The seed of a request.
pub fn seed(number: u64) -> String {
    format!("s{:08}", number % 100_000_000)
}

/// A shape of query.
pub struct Shape {
    /// For the report.
    pub name: &'static str,
    /// The document, with a `$seed`.
    pub document: &'static str,
}

/// From the lightest to the heaviest.
pub const SHAPES: [Shape; 4] = [
    Shape {
        name: "one subgraph",
        document: "query One($seed: String!) { users(seed: $seed) { id name username birthday } }",
    },
    Shape {
        name: "a list of ten across two",
        document: "query Ten($seed: String!) { topProducts(seed: $seed, first: 10) { upc name reviews { id body } } }",
    },
    Shape {
        name: "deep",
        document: "query Deep($seed: String!) { me(seed: $seed) { name reviews { product { name reviews { author { name reviews { product { name shippingEstimate } } } } } } } }",
    },
    Shape {
        name: "heavy",
        document: "fragment User on User { id username name } \
            fragment Review on Review { id body } \
            fragment Product on Product { inStock name price shippingEstimate upc weight } \
            query Heavy($seed: String!) { \
              users(seed: $seed) { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } } } \
              topProducts(seed: $seed, first: 10) { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } }",
    },
];

impl Shape {
    /// The body of a request.
    pub fn body(&self, seed: &str) -> String {
        json!({ "query": self.document, "variables": { "seed": seed } }).to_string()
    }
}

/// The one right answer to a shape: every place of the seed is known, so any answer can be compared
/// byte by byte.
pub struct Expected {
    bytes: Vec<u8>,
    places: Vec<usize>,
}

impl Expected {
    /// Learns from the answer to [`MARK`], once somebody has looked at what it says.
    pub fn learn(answer: &[u8]) -> Self {
        let mark = MARK.as_bytes();
        let mut places = Vec::new();
        let mut at = 0;
        while at + mark.len() <= answer.len() {
            if &answer[at..at + mark.len()] == mark {
                places.push(at);
                at += mark.len();
            } else {
                at += 1;
            }
        }
        Self {
            bytes: answer.to_owned(),
            places,
        }
    }

    /// How long the answer is.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// How often it names the seed.
    pub fn seeds(&self) -> usize {
        self.places.len()
    }

    /// Whether this is the right answer for `seed`. Overwrites the seed in it.
    pub fn is(&self, answer: &mut [u8], seed: &str) -> bool {
        if answer.len() != self.bytes.len() {
            return false;
        }
        for &place in &self.places {
            let found = &mut answer[place..place + MARK.len()];
            if found != seed.as_bytes() {
                return false;
            }
            found.copy_from_slice(MARK.as_bytes());
        }
        answer == self.bytes
    }
}
