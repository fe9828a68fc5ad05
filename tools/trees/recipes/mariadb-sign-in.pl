#!/usr/bin/perl
# What MariaDB's auth_pam starts for each connection in place of auth_pam_tool, which would ask PAM: it asks the
# socket below whether the password is right. Protocol: plugin/auth_pam/auth_pam_tool.h of MariaDB.
use strict;
use warnings;
use IO::Socket::UNIX;

binmode $_ for *STDIN, *STDOUT;
$| = 1;

# Two bytes with the length, and the text.
sub receive {
    read(STDIN, my $length, 2) == 2 or exit 1;
    read(STDIN, my $text, unpack 'n', $length);
    return $text;
}

read STDIN, my $flags, 1;
my ($user, $service) = (receive, receive);
print 'C', pack('n/a*', "\4Token: ");    # a question whose answer is not shown
my $password = receive =~ s/\0\z//r;

my $socket = IO::Socket::UNIX->new(Peer => "$service") or exit 1;
print $socket "$user\n$password\n";
my $answer = <$socket> // '';
exit 1 if $answer ne "yes\n";
print 'E';
