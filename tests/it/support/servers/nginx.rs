//! nginx, in front of a FastCGI socket, or as a balancer that ends TLS.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use super::logged::Logged;
use super::program;
use crate::support::process::eventually;
use crate::support::run::{self, Runner};

/// An nginx for one site, ended with its test.
pub struct Nginx {
    pub port: u16,
    _process: Logged,
}

impl Nginx {
    /// Passes every request to the socket, with up to 64 KB in one header field.
    #[track_caller]
    pub fn start(socket: &Path) -> Self {
        Self::with(|port| {
            format!(
                "listen 127.0.0.1:{port};\n    location / {{\n        include /etc/nginx/fastcgi_params;\n\
                 fastcgi_param HTTP_PROXY \"\";\n        fastcgi_pass unix:{};\n    }}\n",
                socket.display()
            )
        })
    }

    /// Ends TLS, and asks the server at a port from an address, in the manner of docker-compose.yml.
    #[track_caller]
    pub fn ending_tls(server: u16, from: &str, certificate: &Path, key: &Path) -> Self {
        Self::with(|port| {
            format!(
                "listen 127.0.0.1:{port} ssl;\n    ssl_certificate {};\n    ssl_certificate_key {};\n\
                 location / {{ proxy_pass http://127.0.0.1:{server}; proxy_bind {from};\n\
                 proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;\n\
                 proxy_set_header X-Forwarded-Proto $scheme; }}\n",
                certificate.display(),
                key.display()
            )
        })
    }

    #[track_caller]
    fn with(server: impl Fn(u16) -> String) -> Self {
        for _ in 0..5 {
            let port = run::free_port();
            if let Some(nginx) = Self::try_start(&server(port), port) {
                return nginx;
            }
        }
        panic!("nginx does not start");
    }

    fn try_start(server: &str, port: u16) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let runner = Runner::like("www-data");
        let directory = runner.directory(&format!("nginx-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
        let root = directory.display();
        let paths: String = ["client_body", "fastcgi", "proxy", "uwsgi", "scgi"]
            .map(|kind| format!("    {kind}_temp_path {root}/{kind};\n"))
            .concat();
        let configuration = format!(
            "daemon off;\npid {root}/nginx.pid;\nerror_log stderr warn;\nworker_processes 1;\n\
             events {{ worker_connections 256; }}\n\
             http {{\n{paths}    access_log off;\n    client_max_body_size 2m;\n    large_client_header_buffers 4 64k;\n\
             server {{\n    {server}}}\n}}\n"
        );
        let file = directory.join("nginx.conf");
        fs::write(&file, configuration).expect("a file can be written");
        let mut command = runner.command(program("nginx", &[]));
        command.args(["-e", "stderr", "-p"]).arg(&directory).arg("-c").arg(&file).current_dir(&directory);
        let mut process = Logged::start(command, directory.join("output.log"));
        let answers = eventually("nginx takes connections", || {
            let answers = directory.join("nginx.pid").exists() && TcpStream::connect(("127.0.0.1", port)).is_ok();
            (answers || process.has_ended()).then_some(answers)
        });
        assert!(answers || process.text().contains("Address already in use"), "{}", process.text());
        answers.then_some(Self { port, _process: process })
    }
}
