# The hub as one image: built from source, run as nobody, with nothing but the binary inside.
FROM node:22-bookworm-slim AS frontend
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY schema /src/schema
COPY deploy /src/deploy
COPY frontend ./
RUN npm run build

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=frontend /src/frontend/dist frontend/dist
RUN cargo build --release --locked --package djinn && mkdir /empty-data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/djinn /usr/local/bin/djinn
COPY --from=build --chown=nonroot:nonroot /empty-data /data
# Two arenas: what a large import took is given back to the next (docs/adr/0032).
ENV MALLOC_ARENA_MAX=2
ENV DJINN__SERVER__HOST=0.0.0.0 DJINN__DATA__DIR=/data LOG_FORMAT=json
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=5s CMD ["/usr/local/bin/djinn", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/djinn"]
CMD ["serve"]
