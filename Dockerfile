# One file for every service: docker build --build-arg SERVICE=ingest-api .
# Built from the jars that `mvn package` leaves; the image holds a JRE, one jar and an unprivileged user.
FROM debian:trixie-slim
ARG SERVICE
RUN test -n "$SERVICE" || { echo "SERVICE is missing: --build-arg SERVICE=ingest-api" >&2; exit 1; }; \
    apt-get update \
 && apt-get install -y --no-install-recommends openjdk-25-jre-headless \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin sourceblind
COPY ${SERVICE}/target/${SERVICE}-*-exec.jar /opt/sourceblind/service.jar
USER 10001
EXPOSE 8080
# Lines of JSON, for whoever collects them; docs/retention.md says for how long.
ENV LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=75", "-jar", "/opt/sourceblind/service.jar"]
