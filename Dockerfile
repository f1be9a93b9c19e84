# Node.js 26, the newest line with long-term support (from 28 October 2026 to 30 April 2029), on Debian stable. To
# pin what the tag stands for as well, append its digest: docs/container.md says how.
ARG NODE_IMAGE=docker.io/library/node:26.10.0-trixie-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No package of ours needs its install script: the only one with native code brings it ready-made.
RUN npm ci --ignore-scripts --no-audit
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build

FROM ${NODE_IMAGE} AS root
WORKDIR /image/app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit && rm .npmrc package-lock.json
COPY LICENSE deploy/container/healthcheck.mjs ./
COPY --from=build /build/dist dist
COPY deploy/container/lay-out.sh /
RUN sh /lay-out.sh /image

FROM scratch
COPY --from=root /image /
# Where Node.js is, and where the AWS SDK looks for .aws.
ENV PATH=/usr/local/bin HOME=/home/nonroot NODE_ENV=production
WORKDIR /
USER 65532:65532
EXPOSE 10117
# The program itself is process 1: it handles SIGTERM, SIGINT and SIGHUP, and has no children to reap.
ENTRYPOINT ["node", "/app/dist/main.js"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
  CMD ["node", "/app/healthcheck.mjs"]

ARG NODE_IMAGE
ARG VERSION=unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="conformance-pack-exporter" \
  org.opencontainers.image.description="Prometheus exporter for the deployment status of AWS Config organization conformance packs" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.base.name="${NODE_IMAGE}" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
