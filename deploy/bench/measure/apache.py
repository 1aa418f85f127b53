"""Apache httpd on a port of its own: as little configuration as it starts with, and one site."""

import re

from .place import REPOSITORY, free_port, takes_connections

MODULES = "/usr/lib/apache2/modules"
DEBIAN = "/etc/apache2/mods-available"
USER = "www-data"
# Modules that are part of Debian's httpd itself.
BUILT_IN = {"log_config", "unixd", "logio", "version", "watchdog", "so", "core", "http"}
# What the cache option needs beside the modules that a site file names.
CACHE_MODULES = ["cache", "cache_socache", "socache_shmcb"]
# The shipped site's line of the request log, written to nowhere: every system formats it, no disk is measured.
LOG_FORMAT = (
    'LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\" %{X-Request-Id}i %D" polls\n'
    'CustomLog "/dev/null" polls\n'
)


class Mpm:
    """Processes and threads of the event MPM."""

    def __init__(self, processes=2, threads=64):
        self.processes, self.threads = processes, threads

    def text(self):
        return (
            f"StartServers {self.processes}\nServerLimit {self.processes}\nThreadLimit {self.threads}\n"
            f"ThreadsPerChild {self.threads}\nMaxRequestWorkers {self.processes * self.threads}\n"
            f"MinSpareThreads 1\nMaxSpareThreads {self.processes * self.threads}\n"
            "AsyncRequestWorkerFactor 4\nMaxKeepAliveRequests 0\nKeepAliveTimeout 30\n"
        )


def shipped(name):
    """A site file of `deploy/apache`."""
    return (REPOSITORY / "deploy/apache" / name).read_text()


def start_shipped(place, name, site_file, defines, mpm=None):
    """Apache with a shipped site file and the values that it is to be read with."""
    text = shipped(site_file)
    modules = re.search(r"^# needs: (.*)$", text, re.M)[1].split()
    if "POLLS_CACHE" in defines:
        modules += [module for module in CACHE_MODULES if module not in modules]
    port = free_port()
    lines = [f'Define {key} "{value}"' if value else f"Define {key}" for key, value in defines.items()]
    lines.append(f'Define POLLS_PORT "{port}"')
    return start(place, name, modules, "\n".join(lines) + "\n" + text, port, mpm or Mpm())


def start(place, name, modules, site, port=None, mpm=None):
    """Apache with these modules and this text; hands back the process and its port."""
    port, mpm = port or free_port(), mpm or Mpm()
    root = place.directory(f"apache-{name}", USER)
    text = (
        f"ServerRoot {root}\nDefaultRuntimeDir {root}\nPidFile {root}/httpd.pid\nErrorLog {root}/error.log\n"
        f"LogLevel warn\nServerName localhost\nListen 127.0.0.1:{port}\nListenBacklog 1024\n"
        f"LoadModule mpm_event_module {MODULES}/mod_mpm_event.so\n{mpm.text()}"
        "<Directory />\n    AllowOverride None\n    Require all denied\n</Directory>\n"
    )
    for module in modules:
        if module in BUILT_IN:
            continue
        text += f"LoadModule {module}_module {MODULES}/mod_{module}.so\n"
        # Debian's own settings of a module come before ours; these have paths that are not for us.
        if module not in ("cgid", "fcgid", "wsgi"):
            text += f"IncludeOptional {DEBIAN}/{module}.conf\n"
    if "fcgid" in modules:
        text += f"FcgidIPCDir {root}/fcgid\nFcgidProcessTableFile {root}/fcgid_shm\n"
    if "cgid" in modules:
        text += f"ScriptSock {root}/cgid.sock\n"
    if "wsgi" in modules:
        text += f"WSGISocketPrefix {root}/wsgi\n"
    configuration = root / "httpd.conf"
    configuration.write_text(text + site)
    process = place.start(
        f"apache-{name}", ["/usr/sbin/apache2", "-f", configuration, "-D", "FOREGROUND"], USER, cwd=root
    )
    process.errors = root / "error.log"
    process.wait_until(lambda: (root / "httpd.pid").exists() and takes_connections(port), "take connections")
    return process, port
