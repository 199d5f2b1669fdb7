//! What is sent.

#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Number {
    #[prost(int64, tag = "1")]
    pub value: i64,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Terms {
    #[prost(int64, repeated, tag = "1")]
    pub values: Vec<i64>,
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self { value }
    }
}
