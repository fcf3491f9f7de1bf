# The gateway in a container:
#
#   docker build -t mqttsn-gateway .
#   docker run -p 1884:1884/udp -v ./conf:/opt/mqttsn-gateway/conf:ro mqttsn-gateway
#
# broker.urls has to name a broker that the container reaches; localhost is the container itself.
FROM eclipse-temurin:17-jdk AS build
WORKDIR /source
COPY . .
RUN ./mvnw --batch-mode -q -DskipTests package

FROM eclipse-temurin:17-jre
COPY --from=build /source/gateway/target/mqttsn-gateway /opt/mqttsn-gateway
RUN /opt/mqttsn-gateway/bin/mqttsn-gateway share-classes \
 && ln -s /opt/mqttsn-gateway/bin/mqttsn-gateway /usr/local/bin/
USER 1884:1884
EXPOSE 1884/udp
# admin.listen, which is on the container's own loopback address.
HEALTHCHECK --start-period=10s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9184 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["mqttsn-gateway"]
CMD ["run"]
