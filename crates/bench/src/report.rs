//! The figures of all measurements, and how they are shown.

pub(crate) mod chart;
pub(crate) mod html;
pub(crate) mod results;
pub(crate) mod text;
