//! The federation router: plan, execute, subscribe, transports, limits.
