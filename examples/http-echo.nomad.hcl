# A web server that answers every request with a text, on the host's network. It is written in Perl, which
# every Debian has:
#
#   gaol job run -var port=8080 examples/http-echo.nomad.hcl
#   curl http://127.0.0.1:8080/

variable "port" {
  default = "9999"
}

variable "text" {
  default = "hello"
}

job "http-echo" {
  type = "service"
  group "http-echo" {
    restart {
      attempts = 0
      mode     = "fail"
    }
    task "http-echo" {
      driver = "jail-task-driver"
      user   = "nobody"
      config {
        Ip4     = "inherit"
        Ip6     = "inherit"
        command = "perl"
        args = ["-e", <<-PERL
          use strict;
          use IO::Socket::INET;
          $| = 1;
          my ($port, $text) = @ARGV;
          my $server = IO::Socket::INET->new(LocalPort => $port, Listen => 64, ReuseAddr => 1)
            or die "cannot listen on port $port: $!\n";
          print "listening on port $port\n";
          while (my $client = $server->accept) {
            my $request = <$client> // next;
            print $request =~ s/\s+$/\n/r;
            while (defined(my $header = <$client>)) { last if $header =~ /^\r?$/ }
            print $client "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n",
              "Content-Length: ", length("$text\n"), "\r\nConnection: close\r\n\r\n$text\n";
            close $client;
          }
        PERL
        , var.port, var.text]
      }
    }
  }
}
