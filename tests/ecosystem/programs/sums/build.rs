//! Writes the client and the server of the service, without a `.proto` and its compiler.

use tonic_build::manual::{Builder, Method, MethodBuilder, Service};

fn main() {
    let sums = Service::builder()
        .name("Sums")
        .package("sums")
        .method(method("add", "Add", "crate::messages::Terms").build())
        .method(method("count", "Count", NUMBER).server_streaming().build())
        .method(method("total", "Total", NUMBER).client_streaming().build())
        .method(both_ways(method("running", "Running", NUMBER)).build())
        .method(method("wait", "Wait", NUMBER).build())
        .method(method("keep", "Keep", NUMBER).build())
        .build();
    Builder::new().compile(&[sums]);
}

const NUMBER: &str = "crate::messages::Number";

fn method(name: &str, route: &str, input: &str) -> MethodBuilder {
    Method::builder()
        .name(name)
        .route_name(route)
        .input_type(input)
        .output_type(NUMBER)
        .codec_path("tonic_prost::ProstCodec")
}

fn both_ways(method: MethodBuilder) -> MethodBuilder {
    method.client_streaming().server_streaming()
}
