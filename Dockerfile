# The operator alone: one static program and the roots of TLS. There is no shell.

FROM rust:1.95-bookworm AS build
WORKDIR /src
# What has been downloaded is used again.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    cargo install --quiet --locked cargo-auditable@0.7.7
COPY . .
# So is what has been built. The list of the dependencies goes into the program, for scanners to read.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    host="$(rustc --print host-tuple)" && \
    RUSTFLAGS="-C target-feature=+crt-static" \
    cargo auditable build --locked --profile release --package aws-batch-operator --bin aws-batch-operator --target "$host" && \
    install -D -t /image "target/$host/release/aws-batch-operator" && \
    install -D -m 644 -t /image/etc/ssl/certs /etc/ssl/certs/ca-certificates.crt && \
    install -D -m 644 -t /image LICENSE

# `cargo xtask image` follows these lines with a program that was built on the host: no builder, nothing to pull.
FROM scratch
LABEL org.opencontainers.image.title="aws-batch-operator"
LABEL org.opencontainers.image.description="Runs AWS Batch jobs that are described by BatchJob objects, each effectively once"
LABEL org.opencontainers.image.version="0.1.0"
LABEL org.opencontainers.image.licenses="Apache-2.0"
LABEL org.opencontainers.image.source="https://github.com/aws-batch-operator/aws-batch-operator"
COPY --from=build /image /
# By number: a kubelet cannot tell whether a name is root.
USER 65532:65532
ENTRYPOINT ["/aws-batch-operator"]
