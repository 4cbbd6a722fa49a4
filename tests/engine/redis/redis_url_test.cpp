#include "engine/redis/redis_url.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat;
using namespace leat::redis;

namespace {

RedisUrl read(const std::string& text, const std::string& name_key = "") {
  auto url = parse_redis_url(text, name_key);
  REQUIRE_MESSAGE(url.ok(), url.error().message);
  return *url;
}

std::string fault_of(const std::string& text, const std::string& name_key = "") {
  const auto url = parse_redis_url(text, name_key);
  REQUIRE(!url.ok());
  CHECK(url.error().code == Errc::bad_input);
  return url.error().message;
}

}  // namespace

TEST_CASE("RedisUrl: host, port and database are read, and have their usual values") {
  const RedisUrl all = read("redis://example.org:7000/3");
  CHECK(all.host == "example.org");
  CHECK(all.port == 7000);
  CHECK(all.db == 3);
  CHECK_FALSE(all.tls);
  const RedisUrl usual = read("redis://localhost");
  CHECK(usual.port == 6379);
  CHECK(usual.db == 0);
  CHECK(read("redis://localhost/").db == 0);
  CHECK(read("redis://[::1]:7000/1").host == "[::1]");
  CHECK(read("redis://[::1]").port == 6379);
}

TEST_CASE("RedisUrl: user and password are percent-encoded, and no form that is shown has them") {
  const RedisUrl url = read("rediss://me:p%40ss%2Fword@host/2?cacert=/etc/ca.pem");
  CHECK(url.user == "me");
  CHECK(url.password == "p@ss/word");
  CHECK(url.tls);
  CHECK(url.ca_file == "/etc/ca.pem");
  CHECK(url.shown() == "rediss://host:6379/2");
  const RedisUrl alone = read("redis://:secret@host");
  CHECK(alone.user.empty());
  CHECK(alone.password == "secret");
}

TEST_CASE("RedisUrl: a Unix socket has its database behind a question mark") {
  const RedisUrl url = read("unix:/run/redis.sock?db=4");
  CHECK(url.socket == "/run/redis.sock");
  CHECK(url.db == 4);
  CHECK(url.shown() == "unix:/run/redis.sock?db=4");
  CHECK(read("unix:///run/redis.sock").socket == "/run/redis.sock");
}

TEST_CASE("RedisUrl: a name stands behind the database, or is what a socket's key says") {
  CHECK(read("redis://host/TEAM", "team").name == "TEAM");
  CHECK(read("redis://host/3/TEAM", "team").name == "TEAM");
  CHECK(read("redis://host/3/TEAM", "team").db == 3);
  CHECK(read("unix:a.sock?team=x&db=1", "team").name == "x");
  CHECK(fault_of("redis://host", "team").find("names no team") != std::string::npos);
  CHECK(fault_of("unix:a.sock", "team").find("unix:SOCKET?team=NAME") != std::string::npos);
}

TEST_CASE("RedisUrl: what is wrong is named, and a password is not quoted") {
  CHECK(fault_of("http://host").find("redis://[user:pass@]host[:port]/DB") != std::string::npos);
  CHECK(fault_of("redis://").find("names no host") != std::string::npos);
  CHECK(fault_of("redis://:hidden@").find("hidden") == std::string::npos);
  CHECK(fault_of("redis://:hidden@host:0").find("hidden") == std::string::npos);
  CHECK(fault_of("redis://host:70000").find("port") != std::string::npos);
  CHECK(fault_of("redis://host/zero").find("database") != std::string::npos);
  CHECK(fault_of("redis://host/0/job").find("more than the number") != std::string::npos);
  CHECK(fault_of("unix:").find("names no socket") != std::string::npos);
  CHECK(fault_of("unix:a.sock?job=x").find("\"job=\"") != std::string::npos);
  CHECK(fault_of("redis://ho st").find("host") != std::string::npos);
}
