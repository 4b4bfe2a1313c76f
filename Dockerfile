# Three images from one build: api (no C library in it), worker (the only one that
# is given the key), sohoa (everything, and the tools). The build is what `./dev
# build` does on any Debian 12; `./dev fresh` shows that it works on a bare one.
FROM debian:12.11-slim AS build
WORKDIR /src
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates golang-go
COPY . .
ARG SOHOA_VERSION=devel
RUN ./dev build

# Debian's Tesseract compiled for AVX2; the loader takes it where the processor has that.
FROM debian:12.11-slim AS engine
WORKDIR /src
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates
COPY dev ./
COPY scripts scripts
COPY third_party/tesseract/faster.patch third_party/tesseract/
RUN mkdir /engine && ./dev tesseract /engine

FROM debian:12.11-slim AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 65532 sohoa && useradd --uid 65532 --gid 65532 --no-create-home --home-dir /data sohoa \
    && install -d -o sohoa -g sohoa -m 0750 /data
USER 65532:65532
WORKDIR /data

FROM base AS api
COPY --from=build /src/bin/api /usr/local/bin/api
EXPOSE 8417
ENTRYPOINT ["api"]

FROM base AS reading
USER root
RUN apt-get update \
    && apt-get install -y --no-install-recommends libtesseract5 liblept5 libjpeg62-turbo libdeflate0 tesseract-ocr-vie tesseract-ocr-eng tesseract-ocr-fra \
    && rm -rf /var/lib/apt/lists/*
COPY --from=engine /engine /usr/local/lib
RUN ldconfig
USER 65532:65532
ENV OMP_THREAD_LIMIT=1

FROM reading AS worker
COPY --from=build /src/bin/worker /usr/local/bin/worker
ENTRYPOINT ["worker"]

FROM reading AS sohoa
COPY --from=build /src/bin/sohoa /usr/local/bin/sohoa
EXPOSE 8417
ENTRYPOINT ["sohoa"]
