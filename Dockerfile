# Three stages:
#   docker build -t hupd .                  the slim run-time image (the last stage)
#   docker build --target test .            builds and runs all tests, and fails with them
#   docker build --target build -t hupd-dev .   compiler, headers and hupd.pc, to build applications in
#
# An image of an application of one's own:
#   FROM hupd-dev AS app
#   COPY app.cpp .
#   RUN g++ -std=c++20 -shared -fPIC app.cpp -o libapp.so $(pkg-config --cflags hupd)
#   FROM hupd
#   COPY --from=app /src/libapp.so /srv/
#   CMD ["run", "--listen", "0.0.0.0:8080", "/srv/libapp.so"]
#
# Reload: mount the directory of the library, move a new one into place, docker exec NAME hupd reload,
# which exits with the result.
#
# With as little as it takes (the private copies of libraries are run from where they are, so no noexec,
# which --tmpfs would have without a word of it):
#   docker run --read-only --tmpfs /run/hupd:exec,mode=1777,size=64m --cap-drop ALL \
#     --security-opt no-new-privileges -v /srv/web:/srv/web:ro -v /etc/hupd:/etc/hupd:ro \
#     -p 8080:8080 hupd run /etc/hupd/web.toml
ARG DEBIAN=bookworm

FROM debian:${DEBIAN} AS build
WORKDIR /src
# By themselves first, so that a change of the code does not install anything again.
COPY packaging/deps packaging/lib.sh packaging/
RUN packaging/deps build
# One by one: a build/ of the host must not come along, and what is only installed comes after the
# compiler, so that a word in a page does not cost its time again.
COPY CMakeLists.txt ./
COPY include include
COPY packaging/CMakeLists.txt packaging/
COPY packaging/cmake packaging/cmake
COPY packaging/completions packaging/completions
COPY packaging/man packaging/man
COPY packaging/systemd packaging/systemd
COPY src src
# Without debug information, which is stripped below, and takes a quarter of the time.
RUN cmake -S . -B build -G Ninja -DHUPD_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr \
      -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" && \
    cmake --build build
COPY LICENSE README.md ./
COPY conf conf
RUN cmake --install build && \
    DESTDIR=/stage cmake --install build --strip && \
    install -D build/libhello.so /stage/usr/lib/hupd/libhello.so && \
    rm -rf /stage/usr/include /stage/usr/share/cmake /stage/usr/share/pkgconfig
# The packages of the libraries that the program needs, whatever this Debian calls them.
RUN ldd build/hupd | awk '$2 == "=>" { print "*/" $1 }' | xargs dpkg -S | cut -d: -f1 | sort -u \
    >/stage/packages

FROM build AS test
RUN packaging/deps test
COPY .clang-format .clang-tidy Dockerfile ./
COPY packaging packaging
COPY tests tests
RUN packaging/test --build-dir build-test

FROM debian:${DEBIAN}-slim
# mount=bind would need BuildKit; a copied list does without.
COPY --from=build /stage/packages /usr/share/hupd/packages
RUN apt-get update -q && \
    DEBIAN_FRONTEND=noninteractive xargs -a /usr/share/hupd/packages \
      apt-get install -q -y --no-install-recommends && \
    apt-get clean && rm -rf /var/lib/apt/lists/*
COPY --from=build /stage/usr /usr
# Anyone may keep private copies of libraries here, whichever --user the container is given; each
# hupd makes a directory of its own in it.
RUN groupadd --gid 10001 hupd && useradd --uid 10001 --gid hupd --no-create-home hupd && \
    install -d -m 1777 /run/hupd
# There, too, is the control socket, for `docker exec NAME hupd status` and the like.
ENV RUNTIME_DIRECTORY=/run/hupd
# Nothing here needs root: ports from 1024 on, no users to change to. With `--user root` hupd can give
# each application a user of its own, as on a machine. By number, since Kubernetes knows no other way
# to tell that this is not root (runAsNonRoot).
USER 10001:10001
EXPOSE 8080
# hupd works as PID 1: it reaps orphans, and TERM drains it. Give it time, longer than drain_timeout
# and kill_timeout (30s and 5s) together: docker stop -t 45.
STOPSIGNAL SIGTERM
ENTRYPOINT ["hupd"]
CMD ["run", "--listen", "0.0.0.0:8080", "/usr/lib/hupd/libhello.so"]
