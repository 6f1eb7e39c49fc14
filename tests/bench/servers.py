"""The servers of the benchmark: each answers "hello\\n" from memory, with the same number of workers.

nginx  `return 200`
h2o    a file of six bytes: its open file cache answers it without a system call of the file system's,
       and it costs h2o less than its other way, an mruby handler
kore   a page in C
bare   an epoll loop that sends a constant (bare.cpp): the floor
hupd   the hello application
"""
import pathlib
import shutil
import subprocess

NGINX = """daemon off; worker_processes {workers}; pid {dir}/pid; error_log {dir}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {dir}/1; proxy_temp_path {dir}/2; fastcgi_temp_path {dir}/3;
  uwsgi_temp_path {dir}/4; scgi_temp_path {dir}/5;
  server {{ listen 127.0.0.1:{port} backlog=4096;
    location / {{ default_type text/plain; {extra} return 200 "hello\\n"; }} }}
}}
"""
H2O = """user: root
num-threads: {workers}
hosts:
  default:
    listen: {{host: 127.0.0.1, port: {port}}}
    paths:
      /: {{file.dir: {dir}/www, file.index: [index.txt]}}
"""
KORE = """workers {workers}
http_keepalive_time 600
load {dir}/constant.so
server plain {{
  bind 127.0.0.1 {port}
  tls no
}}
domain * {{
  attach plain
  route / page
}}
"""
HERE = pathlib.Path(__file__).resolve().parent


def nginx_command(directory, port, workers, extra=""):
    """`extra`: a directive of the location, such as one that names the generation."""
    configuration = directory / "nginx.conf"
    configuration.write_text(NGINX.format(dir=directory, port=port, workers=workers, extra=extra))
    return ["nginx", "-c", configuration]


def h2o_command(directory, port, workers):
    (directory / "www").mkdir(exist_ok=True)
    (directory / "www/index.txt").write_text("hello\n")
    configuration = directory / "h2o.conf"
    configuration.write_text(H2O.format(dir=directory, port=port, workers=workers))
    return ["h2o", "-m", "worker", "-c", configuration]


def kore_command(directory, port, workers):
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", HERE / "constant.c",
                    "-o", directory / "constant.so"], check=True)
    configuration = directory / "kore.conf"
    configuration.write_text(KORE.format(dir=directory, port=port, workers=workers))
    return ["kore", "-nrf", "-c", configuration]


def hupd_command(build, port, workers, application="hello"):
    return [build / "hupd", "run", "--no-ownership-check", "--listen", f"127.0.0.1:{port}", "--workers", str(workers),
            build / f"lib{application}.so"]


def commands(build, directory, port, workers, close):
    """Name to command, of those that are there to be measured."""
    bare = [build / "tests/bench/hupd-bare", str(port), str(workers)] + (["close"] if close else [])
    found = {"bare": bare}
    if (build / "hupd").exists():
        found["hupd"] = hupd_command(build, port, workers)
    if shutil.which("nginx"):
        found["nginx"] = nginx_command(directory, port, workers)
    if shutil.which("kore"):
        found["kore"] = kore_command(directory, port, workers)
    if shutil.which("h2o"):
        found["h2o"] = h2o_command(directory, port, workers)
    return found
