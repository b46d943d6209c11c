# A web server that Nomad knows the address of.
job "service" {
  datacenters = ["dc1"]
  type        = "batch"
  group "group" {
    restart {
      attempts = 0
      mode     = "fail"
    }
    reschedule {
      attempts  = 0
      unlimited = false
    }
    network {
      port "http" {}
    }
    service {
      provider = "nomad"
      name     = "gaol-web"
      port     = "http"
    }
    task "task" {
      driver = "jail-task-driver"
      config {
        Ip4     = "inherit"
        command = "/usr/bin/perl"
        args = ["-e", <<-PERL
          use strict;
          use IO::Socket::INET;
          my $server = IO::Socket::INET->new(
            LocalAddr => $ENV{NOMAD_IP_http}, LocalPort => $ENV{NOMAD_PORT_http}, Listen => 8, ReuseAddr => 1)
            or die "cannot listen: $!\n";
          $| = 1;
          print "ready\n";
          while (my $client = $server->accept) {
            while (defined(my $line = <$client>)) { last if $line =~ /^\r?$/ }
            print $client "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
            close $client;
          }
        PERL
        ]
      }
    }
  }
}
