# syntax=docker/dockerfile:1
# One image for migrate, worker and beat: what a container does is its command.

FROM python:3.13-slim-bookworm AS build
# A mirror, where one is nearer: docker compose build --build-arg PIP_INDEX_URL=...
ARG PIP_INDEX_URL
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/huikuan
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
RUN /opt/huikuan/bin/pip install --require-hashes --only-binary=:all: -r requirements/run.txt
COPY pyproject.toml README.md ./
COPY console console
COPY scheduler scheduler
COPY tasks tasks
COPY notifications notifications
COPY worker worker
COPY models models
COPY migrations migrations
RUN /opt/huikuan/bin/pip install --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
ENV PATH=/opt/huikuan/bin:$PATH \
    PYTHONUTF8=1 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    TZ=Asia/Shanghai \
    HUIKUAN_HOME=/var/lib/huikuan HUIKUAN_LOG_FORMAT=json
# A number, so that the platform can see that it is not root.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin huikuan \
    && install -d -o 10001 -g 10001 -m 0700 /var/lib/huikuan
COPY --from=build /opt/huikuan /opt/huikuan
USER 10001:10001
WORKDIR /var/lib/huikuan
VOLUME /var/lib/huikuan
CMD ["huikuan", "--help"]
