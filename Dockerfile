# leat in Debian's slim image, installed from its own package.
#
#   docker build -t leat .
#   docker run --rm leat get https://example.org/
#   docker run --rm -i -v "$PWD:/work" -u "$(id -u):$(id -g)" leat get -O out < urls.txt

FROM debian:bookworm-slim AS build
WORKDIR /leat
COPY tests/support/install tests/support/install
RUN tests/support/install package
COPY . .
RUN cmake --preset release -DLEAT_TESTS=OFF && cmake --build --preset release && cpack --preset release

FROM debian:bookworm-slim
RUN --mount=type=bind,from=build,source=/leat/build/package,target=/package \
    apt-get update && apt-get install -y --no-install-recommends ca-certificates /package/leat_*.deb && \
    rm -rf /var/lib/apt/lists/*
WORKDIR /work
USER nobody
ENTRYPOINT ["leat"]
