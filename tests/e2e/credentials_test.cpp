// Cookies, netrc and tokens: what is sent, and what a redirect does not get.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

// This is another origin, since its host has another name.
std::string elsewhere(const std::string& path) {
  return "http://localhost:" + std::to_string(origin().port()) + path;
}
std::string redirect_to(const std::string& url, const std::string& status = "302") {
  return origin().url("/redirect-to?status=" + status + "&url=" + url);
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Finished get(std::vector<std::string> arguments, const std::string& input = "") {
  std::vector<std::string> words{"get", "--retry", "0", "--include", "body"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return run_leat(words, input);
}

std::string body(const Finished& run, std::size_t line = 0) {
  return json_lines(run.out).at(line).text("body");
}

}  // namespace

TEST_CASE("credentials: -b sends cookies, and a jar sends cookies back only to the servers that set them") {
  CHECK(holds(body(get({"-b", "a=1", "-b", "b=2", origin().url("/headers/x")})), "\"cookie\":\"a=1; b=2\""));
  const std::string set = origin().url("/cookie/set?session=s3");
  const auto run = get({"-j", "1", "-b", "", set, origin().url("/headers/x"), elsewhere("/headers/x")});
  CHECK(holds(body(run, 1), "\"cookie\":\"session=s3\""));
  CHECK_FALSE(holds(body(run, 2), "cookie"));
  CHECK_FALSE(holds(body(get({"-j", "1", set, origin().url("/headers/x")}), 1), "cookie"));
}

TEST_CASE("credentials: -c writes the cookies in Netscape's format, for -b in another run and for curl") {
  const TempDir dir;
  CHECK(get({"-c", dir / "jar", origin().url("/cookie/set?k=v&other=w")}).status == 0);
  const std::string jar = read_file(dir / "jar");
  CHECK(jar.starts_with("# Netscape HTTP Cookie File"));
  CHECK(holds(jar, "127.0.0.1\tFALSE\t/\tFALSE\t0\tk\tv"));
  const auto again = get({"-b", dir / "jar", "-c", dir / "jar", origin().url("/headers/x")});
  CHECK(holds(body(again), "k=v"));
  CHECK(holds(body(again), "other=w"));
  CHECK(holds(read_file(dir / "jar"), "\tk\tv"));
  CHECK(dir.names() == std::set<std::string>{"jar"});
}

TEST_CASE("credentials: a jar that can't be written ends the run with 3, after all records") {
  const auto run = get({"-c", "/nowhere/jar", origin().url("/ok")});
  CHECK(run.status == 3);
  CHECK(holds(run.err, "/nowhere/jar"));
  CHECK(json_lines(run.out).size() == 1);
}

TEST_CASE("credentials: the fetches of one pipeline share one jar") {
  const auto run =
      run_leat({"run", "urls " + origin().url("/cookie/set?login=yes") + " | fetch cookie=\"\" | each (\"" +
                           origin().url("/headers/x") + "\") | fetch cookie=\"\" | write \"{body}\""});
  CHECK(run.status == 0);
  CHECK(holds(run.out, "\"cookie\":\"login=yes\""));
}

TEST_CASE("credentials: cookies are kept by one thread, so --threads with a jar is refused") {
  CHECK(get({"--threads", "2", "-b", "", origin().url("/ok")}).status == 2);
  CHECK(get({"--threads", "2", "-b", "a=1", origin().url("/ok")}).status == 0);
}

TEST_CASE("credentials: a redirect to another origin gets no -H, -b, -u, token or userinfo") {
  const auto run = get({"-H", "X-Key: hunter2", "-b", "a=hunter2", "-e", "http://hunter2/", "-u",
                        "me:hunter2", redirect_to(elsewhere("/headers/x"))});
  CHECK(run.status == 0);
  const std::string seen = body(run);
  CHECK(holds(seen, "localhost"));
  for (const char* part : {"hunter2", "x-key", "cookie", "authorization", "referer"}) {
    CAPTURE(part);
    CHECK_FALSE(holds(seen, part));
  }
  const auto token = get({"--oauth2-bearer", "hunter2", redirect_to(elsewhere("/headers/x"))});
  CHECK_FALSE(holds(body(token), "authorization"));
  std::string url = redirect_to(elsewhere("/headers/x"));
  url.insert(7, "me:hunter2@");
  CHECK_FALSE(holds(body(get({url})), "authorization"));
}

TEST_CASE(
    "credentials: a redirect to the same origin gets them, and with --location-trusted every redirect does") {
  const std::vector<std::string> options{"-H", "X-Key: k", "-b", "a=1", "-u", "me:pw"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), options.begin(), options.end());
    return body(get(more));
  };
  for (const auto& seen : {with({redirect_to(origin().url("/headers/x"))}),
                           with({"--location-trusted", redirect_to(elsewhere("/headers/x"))})}) {
    for (const char* part : {"\"x-key\":\"k\"", "\"cookie\":\"a=1\"", "\"authorization\":\"Basic"}) {
      CAPTURE(part);
      CHECK(holds(seen, part));
    }
  }
}

TEST_CASE("credentials: --trust names the origins that get them as well, and is checked") {
  const auto with = [](const std::string& origins) {
    return body(
        get({"-H", "X-Key: k", "-u", "me:pw", "--trust", origins, redirect_to(elsewhere("/headers/x"))}));
  };
  const auto trusted = with("https://a.org " + elsewhere(""));
  CHECK(holds(trusted, "\"x-key\":\"k\""));
  CHECK(holds(trusted, "Basic"));
  CHECK_FALSE(holds(with("https://a.org http://b.org"), "x-key"));
  for (const char* wrong : {"", "localhost", "http://a.org/path", "ftp://a.org", "http://me@a.org"}) {
    CAPTURE(wrong);
    CHECK(get({"--trust", wrong, origin().url("/ok")}).status == 2);
  }
}

TEST_CASE("credentials: after a redirect elsewhere the next request to the first origin has its own again") {
  const auto run = get({"-j", "1", "-b", "a=1", "-H", "X-Key: k", redirect_to(elsewhere("/headers/x")),
                        origin().url("/headers/y")});
  CHECK(holds(body(run, 1), "\"cookie\":\"a=1\""));
  CHECK(holds(body(run, 1), "\"x-key\":\"k\""));
}

TEST_CASE("credentials: a cookie that a redirecting server sets goes to it alone") {
  const std::string set = "/cookie/set?k=v";
  const auto run = get({"-j", "1", "-b", "", origin().url(set), redirect_to(elsewhere("/headers/x")),
                        redirect_to(origin().url("/headers/y"))});
  CHECK_FALSE(holds(body(run, 1), "cookie"));
  CHECK(holds(body(run, 2), "\"cookie\":\"k=v\""));
}

TEST_CASE("credentials: a netrc is read if it is asked for, by host, and nothing in it is printed") {
  const TempDir dir;
  write_file(dir / "netrc", "machine 127.0.0.1 login me password hunter2\n");
  const std::string file = dir / "netrc";
  const std::string url = origin().url("/headers/x");
  const auto asked = get({"-v", "--netrc-file", file, url});
  CHECK(holds(body(asked), "\"authorization\":\"Basic bWU6aHVudGVyMg==\""));
  CHECK_FALSE(holds(asked.err, "hunter2"));
  CHECK_FALSE(holds(body(get({"--netrc-file", file, elsewhere("/headers/x")})), "authorization"));
  CHECK_FALSE(
      holds(body(get({"--netrc-file", file, redirect_to(elsewhere("/headers/x"))})), "authorization"));
  CHECK(holds(body(get({"--netrc-optional", "--netrc-file", file, "-u", "other:pw", url})),
              "Basic b3RoZXI6cHc="));
  write_file(dir / ".netrc", read_file(file));
  const auto home =
      run_process({"env", "HOME=" + dir.path(), LEAT_BINARY, "get", "--include", "body", "--netrc", url});
  CHECK(holds(home.out, "bWU6aHVudGVyMg=="));
  const auto not_asked =
      run_process({"env", "HOME=" + dir.path(), LEAT_BINARY, "get", "--include", "body", url});
  CHECK_FALSE(holds(not_asked.out, "authorization"));
}

TEST_CASE("credentials: -u, --netrc, the URL and --netrc-optional come in curl's order") {
  const TempDir dir;
  write_file(dir / "netrc", "machine 127.0.0.1 login u1 password p1\n");
  const std::string file = dir / "netrc";
  const auto sent = [&](std::vector<std::string> options, const std::string& userinfo) {
    std::string url = origin().url("/headers/x");
    url.insert(7, userinfo);
    options.push_back(url);
    return body(get(options));
  };
  CHECK(holds(sent({"--netrc", "--netrc-file", file}, "u1@"), "Basic dTE6cDE="));
  CHECK(holds(sent({"--netrc", "--netrc-file", file}, "u1:wrong@"), "Basic dTE6cDE="));
  CHECK(holds(sent({"--netrc-optional", "--netrc-file", file}, "u1@"), "Basic dTE6cDE="));
  CHECK(holds(sent({"--netrc-optional", "--netrc-file", file}, "u1:mine@"), "Basic dTE6bWluZQ=="));
  CHECK(holds(sent({"--netrc-optional", "--netrc-file", file}, "u2@"), "Basic dTI6\""));
  CHECK(holds(sent({"-u", "me:pw", "--netrc", "--netrc-file", file}, "u1:x@"), "Basic bWU6cHc="));
  CHECK(holds(sent({"-u", "me:pw"}, "u1:x@"), "Basic bWU6cHc="));
}

TEST_CASE("credentials: a redirect's target gets nothing of a netrc, unless it is trusted") {
  const TempDir dir;
  write_file(dir / "netrc", "machine 127.0.0.1 login a password pa\nmachine localhost login b password pb\n");
  const std::vector<std::string> netrc{"--netrc-file", dir / "netrc"};
  auto words = netrc;
  words.push_back(redirect_to(elsewhere("/headers/x")));
  CHECK_FALSE(holds(body(get(words)), "authorization"));
  words.insert(words.begin(), "--location-trusted");
  CHECK(holds(body(get(words)), "Basic YjpwYg=="));
  auto same = netrc;
  same.push_back(redirect_to(origin().url("/headers/x")));
  CHECK(holds(body(get(same)), "Basic YTpwYQ=="));
}

TEST_CASE("credentials: -e is sent unchanged, not to other origins, and no redirect adds or changes it") {
  const auto seen = [](std::vector<std::string> words) { return body(get(std::move(words))); };
  const std::string referer = "\"referer\":\"http://r/x?y\"";
  CHECK(holds(seen({"-e", "http://r/x?y", origin().url("/headers/x")}), referer));
  CHECK(holds(seen({"-e", "http://r/x?y", redirect_to(origin().url("/headers/x"))}), referer));
  CHECK_FALSE(holds(seen({"-e", "http://r/x?y", redirect_to(elsewhere("/headers/x"))}), "referer"));
  CHECK(holds(seen({"-e", "http://r/x?y", "--location-trusted", redirect_to(elsewhere("/headers/x"))}),
              referer));
  CHECK_FALSE(holds(seen({redirect_to(origin().url("/headers/x"))}), "referer"));
  CHECK(get({"-e", "http://r/;auto", origin().url("/ok")}).status == 2);
}

TEST_CASE("credentials: --oauth2-bearer, -e and --json make headers, and a -H of the same name counts more") {
  const auto seen = body(
      get({"--oauth2-bearer", "t0", "-e", "http://r/", "--json", "{\"a\":1}", origin().url("/headers/x")}));
  for (const char* part : {"\"authorization\":\"Bearer t0\"", "\"referer\":\"http://r/\"",
                           "\"content-type\":\"application/json\"", "\"accept\":\"application/json\"",
                           "\"method\":\"POST\"", "{\\\"a\\\":1}"}) {
    CAPTURE(part);
    CHECK(holds(seen, part));
  }
  CHECK(holds(body(get({"--json", "1", "-H", "content-type: text/x", origin().url("/headers/x")})),
              "\"content-type\":\"text/x\""));
  CHECK(holds(body(get({"-d", "[1,", "--json", "2]", origin().url("/headers/x")})), "[1,2]"));
}

TEST_CASE("credentials: -I asks by HEAD, with or without a directory to save to, but not with a body") {
  const TempDir dir;
  const auto run = run_leat({"get", "-I", "-O", dir.path(), origin().url("/size/1000/x")});
  CHECK(run.status == 0);
  CHECK(json_lines(run.out).at(0).text("method") == "HEAD");
  CHECK(json_lines(run.out).at(0).number("size_download") == 0);
  CHECK(dir.names().empty());
  CHECK(run_leat({"get", "-I", "-d", "x", origin().url("/ok")}).status == 2);
}

TEST_CASE("upload: -T sends a file as it is, by PUT, and a URL that ends in / gets its name") {
  const TempDir dir;
  std::string bytes(3'000'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>('a' + i % 23);
  write_file(dir / "some file", bytes);
  write_file(dir / "brace{}", "x");
  const auto echoed = get({"-T", dir / "some file", origin().url("/echo/")});
  CHECK(json_lines(echoed.out).at(0).text("method") == "PUT");
  CHECK(json_lines(echoed.out).at(0).text("url_effective") == origin().url("/echo/some%20file"));
  CHECK(body(echoed) == bytes);
  for (const char* rest : {"?a=b", "?a=b/", "#part"}) {
    const auto queried = get({"-T", dir / "brace{}", origin().url("/echo/") + rest});
    CHECK(holds(json_lines(queried.out).at(0).text("url"), std::string("/echo/brace%7B%7D") + rest));
  }
  CHECK(body(get({"-T", dir / "brace{}", origin().url("/echo/x")})) == "x");
  CHECK(holds(body(get({"-T", dir / "brace{}", "-X", "POST", origin().url("/headers/x")})),
              "\"method\":\"POST\""));
  CHECK(get({"-T", dir / "brace{}", "-d", "x", origin().url("/ok")}).status == 2);
  CHECK(get({"-T", dir.path(), origin().url("/ok")}).status == 2);
}

TEST_CASE(
    "upload: a file is sent again from its start after a failure, and after a redirect that keeps the body") {
  const TempDir dir;
  write_file(dir / "f", "0123456789");
  const auto run = run_leat({"get", "--retry", "2", "--include", "body", "-T", dir / "f",
                             origin().url("/flaky/2/up?retry-after=0")});
  CHECK(run.status == 0);
  CHECK(json_lines(run.out).at(0).number("num_retries") == 2);
  CHECK(body(get({"-T", dir / "f", redirect_to(origin().url("/echo/x"), "307")})) == "0123456789");
  const auto see_other = get({"-T", dir / "f", redirect_to(origin().url("/headers/x"), "303")});
  CHECK(holds(body(see_other), "\"method\":\"GET\""));
  CHECK(holds(body(see_other), "\"body_size\":0"));
}

TEST_CASE("upload: a file that has disappeared fails its record, and is named") {
  const TempDir dir;
  const auto run =
      run_leat({"run", "urls " + origin().url("/echo/x") + " | fetch upload=\"" + dir.path() + "/{id}\""});
  CHECK(run.status == 1);
  CHECK(json_lines(run.out).at(0).error_code() == "file_error");
  write_file(dir / "1", "one");
  const auto sent = run_leat({"run", "urls " + origin().url("/echo/x") + " | fetch upload=\"" + dir.path() +
                                         "/{id}\" | write \"{body}\""});
  CHECK(sent.out == "one\n");
}

TEST_CASE(
    "compressed: --compressed asks for an encoding and decodes it; without it bytes stay as they come") {
  const TempDir dir;
  const auto saved = [&dir](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"get", "--on-exist", "overwrite", "-O", dir.path()});
    CHECK(run_leat(arguments).status == 0);
    return read_file(dir / "x");
  };
  const std::string plain = saved({origin().url("/size/5000/x")});
  CHECK(plain.size() == 5000);
  CHECK(saved({"--compressed", origin().url("/gzip/5000/x")}) == plain);
  CHECK(saved({"--compressed", origin().url("/gzip/5000/x?layers=3")}) == plain);
  CHECK(saved({origin().url("/gzip/5000/x")}).starts_with("\x1f\x8b"));
  CHECK(holds(body(get({"--compressed", origin().url("/headers/x")})),
              "\"accept-encoding\":\"deflate, gzip, br, zstd\""));
  CHECK_FALSE(holds(body(get({origin().url("/headers/x")})), "accept-encoding"));
  CHECK(run_leat({"get", "--compressed", "-I", origin().url("/gzip/5000/x")}).status == 0);
}

TEST_CASE("compressed: a body that is cut short or has a bad checksum is bad_response, and leaves no file") {
  const TempDir dir;
  for (const char* fault : {"truncated", "checksum"}) {
    CAPTURE(fault);
    const auto run = run_leat({"get", "--retry", "0", "--compressed", "-O", dir.path(),
                               origin().url("/gzip/5000/x?fault=" + std::string(fault))});
    CHECK(run.status == 1);
    CHECK(json_lines(run.out).at(0).error_code() == "bad_response");
  }
  CHECK(json_lines(get({"--compressed", origin().url("/gzip/100/x?layers=6")}).out).at(0).error_code() ==
        "bad_response");
  CHECK_FALSE(std::filesystem::exists(dir / "x"));
}

TEST_CASE("compressed: a gzip bomb stops at --max-size") {
  const auto run = get({"--compressed", "--max-size", "1MB", origin().url("/gzip-bomb/1G/x")});
  CHECK(json_lines(run.out).at(0).error_code() == "body_too_large");
}

TEST_CASE("secrets: credentials of every kind show in no output, plan, recording or error") {
  const TempDir dir;
  const std::string port = std::to_string(origin().port());
  std::vector<std::string> words{"get",
                                 "-v",
                                 "--retry",
                                 "0",
                                 "--include",
                                 "headers",
                                 "--record",
                                 dir / "rec",
                                 "-b",
                                 "a=hunter2",
                                 "-u",
                                 "me:hunter2",
                                 "-H",
                                 "X-Api-Key: hunter2",
                                 "-U",
                                 "p:hunter2",
                                 "--pass",
                                 "hunter2",
                                 "http://u:hunter2@127.0.0.1:" + port + "/headers/x",
                                 "http://u:hunter2@127.0.0.1:1/",
                                 "http://u:hunter2@a b/"};
  const auto run = run_leat(words);
  CHECK_FALSE(holds(run.out + run.err, "hunter2"));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir.path())) {
    if (entry.is_regular_file()) CHECK_FALSE(holds(read_file(entry.path()), "hunter2"));
  }
  const auto token = run_leat({"get", "-v", "--oauth2-bearer", "hunter2\r", origin().url("/ok")});
  CHECK(token.status == 2);
  CHECK_FALSE(holds(token.err, "hunter2"));
  const auto cookie = run_leat({"get", "-v", "-b", "a=hunter2\r\nX: 1", origin().url("/ok")});
  CHECK(cookie.status == 2);
  CHECK_FALSE(holds(cookie.err, "hunter2"));
}
