#include "config/address.hpp"

#include <gtest/gtest.h>

#include "config/ip.hpp"

namespace hupd::config {
namespace {

Listen at(std::string_view text) {
  auto listen = parse_listen(text, "/etc/hupd");
  if (!listen) ADD_FAILURE() << listen.error();
  return listen.value_or(Listen());
}

std::string refusal(std::string_view text) {
  auto listen = parse_listen(text, "/etc/hupd");
  return listen ? "taken as " + listen->text : listen.error();
}

TEST(Address, HasOneSpelling) {
  EXPECT_EQ(at("0.0.0.0:8080").text, "0.0.0.0:8080");
  EXPECT_EQ(at(":8080").text, "0.0.0.0:8080");
  EXPECT_EQ(at("127.0.0.1:0").text, "127.0.0.1:0");
  EXPECT_EQ(at("127.0.0.1:080").text, "127.0.0.1:80");
  EXPECT_EQ(at("[::]:8080").text, "[::]:8080");
  EXPECT_EQ(at("[0:0::0]:8080").text, "[::]:8080");
  EXPECT_EQ(at("[2001:DB8::0:1]:80").text, "[2001:db8::1]:80");
  EXPECT_EQ(at("unix:/run/./web.sock").text, "unix:/run/web.sock");
  EXPECT_EQ(at("unix:web.sock").text, "unix:/etc/hupd/web.sock");
  EXPECT_EQ(at("systemd:web").text, "systemd:web");
}

TEST(Address, IsOfAKind) {
  EXPECT_EQ(std::get<TcpAddress>(at("[::1]:80").address), (TcpAddress{"::1", 80, true}));
  EXPECT_EQ(std::get<UnixAddress>(at("unix:/run/a").address).path, "/run/a");
  EXPECT_EQ(std::get<InheritedAddress>(at("systemd:web-tls").address).name, "web-tls");
}

TEST(Address, IsRefusedWithWhatToWrite) {
  EXPECT_EQ(refusal("localhost:8080"),
            "'localhost:8080' names a host, and names are not looked up: write its address, such "
            "as \"127.0.0.1:8080\"");
  EXPECT_EQ(refusal("8080"), "'8080' lacks a colon: write \":8080\"");
  EXPECT_EQ(refusal("*:80"), "'*:80' names no address: write \"0.0.0.0:80\" for all of IPv4");
  EXPECT_EQ(refusal("::1:80"), "'::1:80' is an IPv6 address without brackets: write \"[::1]:80\"");
  EXPECT_EQ(refusal("[::1]"), "'[::1]' lacks a port: write \"[::1]:80\"");
  EXPECT_EQ(refusal("[::g]:80"), "'[::g]:80' is no IPv6 address: write \"[::1]:80\"");
  EXPECT_EQ(refusal("1.2.3:80"), "'1.2.3:80' is no IPv4 address");
  EXPECT_EQ(refusal("1.2.3.4:65536"),
            "'1.2.3.4:65536' has no port from 0 to 65535 after its last colon");
  EXPECT_EQ(refusal("1.2.3.4:"), "'1.2.3.4:' has no port from 0 to 65535 after its last colon");
  EXPECT_EQ(refusal("http://1.2.3.4:80"),
            "'http://1.2.3.4:80' is a URL: write \"0.0.0.0:80\", \"[::]:80\", \":80\", "
            "\"unix:/run/web.sock\" or \"systemd:NAME\"");
  EXPECT_EQ(refusal("unix:"), "'unix:' names no path: write \"unix:/run/web.sock\"");
  EXPECT_EQ(refusal("unix:@web"),
            "'unix:@web' is an abstract socket, which has no permissions: write a path");
  EXPECT_EQ(refusal("unix:/run/"), "'unix:/run/' names a directory, not a socket");
  EXPECT_EQ(refusal("systemd:"),
            "'systemd:' lacks a name: write \"systemd:NAME\", as in FileDescriptorName=NAME");
  EXPECT_EQ(refusal("unix:/" + std::string(107, 'x')).substr(0, 8), "'unix:/x");
}

TEST(Address, ClashesWithAWildcardThatTakesItIn) {
  EXPECT_EQ(clash(at("1.2.3.4:80"), at("1.2.3.4:81")), "");
  EXPECT_EQ(clash(at("0.0.0.0:80"), at("[::]:80")), "");
  EXPECT_EQ(clash(at("0.0.0.0:0"), at("127.0.0.1:0")), "");
  EXPECT_EQ(clash(at(":80"), at("0.0.0.0:80")), "'0.0.0.0:80' is listed already");
  EXPECT_EQ(clash(at(":80"), at("1.2.3.4:80")),
            "'1.2.3.4:80' is part of '0.0.0.0:80', which is listed already");
  EXPECT_EQ(clash(at("[::1]:80"), at("[::]:80")),
            "'[::]:80' takes in '[::1]:80', which is listed already");
  Listen both = at("[::]:80");
  std::get<TcpAddress>(both.address).v6_only = false;
  EXPECT_EQ(clash(both, at("1.2.3.4:80")),
            "'1.2.3.4:80' is part of '[::]:80', which is listed already");
}

TEST(Ip, V6IsReadInAllItsForms) {
  EXPECT_EQ(format_ipv6(*parse_ipv6("1:2:3:4:5:6:7:8")), "1:2:3:4:5:6:7:8");
  EXPECT_EQ(format_ipv6(*parse_ipv6("::ffff:1.2.3.4")), "::ffff:102:304");
  EXPECT_EQ(format_ipv6(*parse_ipv6("fe80::")), "fe80::");
  EXPECT_EQ(format_ipv6(*parse_ipv6("1:0:0:2:0:0:0:3")), "1:0:0:2::3");
  EXPECT_EQ(format_ipv6(*parse_ipv6("1:0:2:3:4:5:6:7")), "1:0:2:3:4:5:6:7");
  EXPECT_EQ(format_ipv6(*parse_ipv6("0:0:1:2:3:4:0:0")), "::1:2:3:4:0:0");
  for (const char* bad : {"", ":", "1", ":::", "1::2::3", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8",
                          "12345::", "::1:", ":1::", "fe80::1%eth0", "::1.2.3", "1.2.3.4::"}) {
    EXPECT_FALSE(parse_ipv6(bad)) << bad;
  }
}

TEST(Ip, V4IsFourPlainNumbers) {
  EXPECT_EQ(format_ipv4(*parse_ipv4("192.168.0.1")), "192.168.0.1");
  for (const char* bad : {"", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1..2.3",
                          "1.2.3.4 ", "-1.2.3.4", "1.2.3."}) {
    EXPECT_FALSE(parse_ipv4(bad)) << bad;
  }
}

}  // namespace
}  // namespace hupd::config
