#include "pipelines/stages/network/robots.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/async/wait.hpp"
#include "engine/text/percent.hpp"
#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;
using namespace std::chrono_literals;

namespace {

/// A server with a robots.txt.
class Site {
 public:
  explicit Site(const std::string& robots = "") {
    if (!robots.empty()) says("text=" + text::percent_encoded(robots));
  }
  /// The parameters of the origin's /robots.
  void says(const std::string& parameters) const { REQUIRE(origin_.get("/robots?" + parameters) == "ok\n"); }
  [[nodiscard]] std::string url(const std::string& path) const { return origin_.url(path); }
  [[nodiscard]] std::uint64_t requests_of(const std::string& path) const { return origin_.requests_of(path); }

  /// A crawl of /ok/a, which leads to these.
  [[nodiscard]] Ran crawl(const std::vector<std::string>& links, const std::string& arguments = "") const {
    std::string program;
    for (const auto& link : links) program += (program.empty() ? "\"" : ",\"") + link + "\"";
    return run_spec("urls " + url("/ok/a") + " | crawl retry=0 " + arguments + " next={ each (" + program +
                    ") }");
  }

 private:
  tests::OriginProcess origin_;
};

const tests::JsonLine& line_of(const Ran& ran, std::string_view url) {
  for (const auto& line : ran.lines) {
    if (line.text("url") == url) return line;
  }
  FAIL("no line of " << url);
  return ran.lines.front();
}

}  // namespace

TEST_CASE("Robots: a crawl skips what robots.txt refuses, and says which line did; it asks for that once") {
  const Site site("User-agent: *\nDisallow: /ok/no\nAllow: /ok/no/yes\n");
  const Ran ran = site.crawl({"/ok/no", "/ok/no/yes", "/ok/b", "/ok/no?x"});
  CHECK_FALSE(ran.status);
  CHECK(ran.count(Outcome::ok) >= 3);
  CHECK(ran.count(Outcome::failed) == 0);
  const auto& refused = line_of(ran, site.url("/ok/no"));
  CHECK(refused.error_code() == "blocked");
  CHECK(refused.error_message() ==
        "robots.txt refuses it to \"*\" by \"Disallow: /ok/no\" in line 2; robots=ignore "
        "fetches it all the same");
  CHECK(refused["error"]["stage"] == "crawl");
  CHECK(site.requests_of("/ok/no") == 0);
  CHECK(site.requests_of("/ok/no/yes") == 1);
  CHECK(site.requests_of("/robots.txt") == 1);
}

TEST_CASE("Robots: crawl obeys unless told otherwise, and fetch only if told to") {
  const Site site("User-agent: *\nDisallow: /\n");
  CHECK(site.crawl({"/ok/b"}, "robots=ignore").count(Outcome::ok) == 2);
  CHECK(run_spec("urls " + site.url("/ok/c") + " | fetch").count(Outcome::ok) == 1);
  CHECK(run_spec("urls " + site.url("/ok/c") + " | fetch robots=ignore").count(Outcome::ok) == 1);
  CHECK(site.requests_of("/robots.txt") == 0);
  CHECK(run_spec("urls " + site.url("/ok/c") + " | fetch robots=obey").count(Outcome::skipped) == 1);
  CHECK(site.crawl({"/ok/b"}).count(Outcome::skipped) == 1);
  CHECK(
      run_spec("urls " + site.url("/ok/c") + " | paginate robots=obey next=(null)").count(Outcome::skipped) ==
      1);
  CHECK(site.requests_of("/robots.txt") == 3);
}

TEST_CASE("Robots: the group is that of the User-Agent's product") {
  const Site site("User-agent: *\nDisallow: /\n\nUser-agent: MyBot\nDisallow: /ok/no\n");
  const Ran ran = site.crawl({"/ok/no"}, "user-agent=\"mybot/2.1 (me)\"");
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(line_of(ran, site.url("/ok/no")).error_message().find("to \"mybot\"") != std::string::npos);
}

TEST_CASE("Robots: without a robots.txt everything is allowed, however the server says so") {
  for (const std::string says :
       {"status=404", "status=403", "status=410", "status=301", "status=204", "text=x"}) {
    CAPTURE(says);
    const Site site;
    site.says(says);
    CHECK(site.crawl({"/ok/b"}).count(Outcome::ok) == 2);
    CHECK(site.requests_of("/robots.txt") == 1);
  }
}

TEST_CASE("Robots: its own redirects are followed, also to another server, five of them") {
  const Site rules("User-agent: *\nDisallow: /ok/b\n");
  const Site site;
  site.says("status=301&location=" + text::percent_encoded(rules.url("/robots.txt")));
  CHECK(site.crawl({"/ok/b", "/ok/c"}).count(Outcome::skipped) >= 1);
  CHECK(site.requests_of("/ok/b") == 0);
  CHECK(site.requests_of("/ok/c") == 1);
  const Site far;
  far.says("status=302&location=/redirect/6");
  CHECK(far.crawl({"/ok/b"}).count(Outcome::ok) == 2);
  CHECK(far.requests_of("/redirect/2") == 1);
  CHECK(far.requests_of("/redirect/1") == 0);
}

TEST_CASE("Robots: a robots.txt that can't be had allows nothing, and its records fail and say so") {
  const Site site;
  site.says("status=503");
  const Ran ran = run_spec("urls " + site.url("/ok/a") + " " + site.url("/ok/b") +
                           " | fetch robots=obey retry=0 host-down=0");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.count(Outcome::failed) == 2);
  CHECK(ran.lines[0].error_code() == "http_status");
  CHECK(ran.lines[0].error_message().starts_with("nothing of " + site.url("") +
                                                 " is fetched, since its robots.txt can't be had: "));
  CHECK(ran.lines[0].error_message().ends_with("; robots=ignore fetches it all the same"));
  CHECK(site.requests_of("/ok/a") == 0);
  CHECK(site.requests_of("/robots.txt") == 1);
  const Ran refused = run_spec("urls http://127.0.0.1:1/ | fetch robots=obey retry=0");
  CHECK(refused.count(Outcome::failed) == 1);
  CHECK(refused.lines[0].error_code() == "connect_refused");
}

TEST_CASE("Robots: a redirect is followed only to what robots.txt allows there") {
  const Site other("User-agent: *\nDisallow: /ok/no\n");
  const Site site("User-agent: *\nDisallow: /ok/secret\n");
  const auto to = [](const std::string& url) { return "/redirect-to?url=" + text::percent_encoded(url); };
  const Ran ran = site.crawl(
      {to("/ok/secret"), to("/ok/open"), to(other.url("/ok/no")), to(other.url("/ok/yes"))}, "scope=any n=1");
  CHECK(ran.count(Outcome::failed) == 0);
  CHECK(site.requests_of("/ok/secret") == 0);
  CHECK(site.requests_of("/ok/open") == 1);
  CHECK(other.requests_of("/ok/no") == 0);
  CHECK(other.requests_of("/ok/yes") == 1);
  CHECK(other.requests_of("/robots.txt") == 1);
  CHECK(line_of(ran, site.url(to("/ok/secret"))).error_code() == "blocked");
}

TEST_CASE("Robots: nothing that is the user's own goes to it, and nothing of it is saved") {
  const Site site("User-agent: *\nDisallow: /ok/no\n");
  const tests::TempDir out;
  const Ran ran = run_spec("urls " + site.url("/ok/a") +
                           " | crawl bearer=\"x\" next={ each (empty) } | save \"" + (out / "{name}") + "\"");
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(tests::read_file(out / "a") == "ok\n");
}

TEST_CASE("Robots: a crawl-delay is the least time between two requests to its server") {
  const Site site("User-agent: *\nCrawl-delay: 0.1\n");
  const auto begun = std::chrono::steady_clock::now();
  CHECK(site.crawl({"/ok/b", "/ok/c", "/ok/d"}).count(Outcome::ok) == 4);
  CHECK(std::chrono::steady_clock::now() - begun >=
        240ms);  // three times, less what a late timer may make up for
}

namespace {

/// Answers questions for a robots.txt, each after a second.
struct Answers {
  std::vector<std::string> asked;
  std::string text = "user-agent: *\ndisallow: /no";
  int status = 200;
};

async::Task<RecordPtr> answer(Answers& answers, std::string url) {
  answers.asked.push_back(std::move(url));
  co_await async::sleep_for(1s);
  auto record = std::make_unique<Record>();
  if (answers.status == 0) {
    record->fail(Error(Errc::connect_refused, "refused"), "fetch");
  } else {
    record->response.emplace();
    record->response->head.status = answers.status;
    record->body = answers.text;
  }
  co_return record;
}

async::Task<void> two_learn(Robots& robots) {
  std::vector<async::TaskHandle<void>> tasks{async::spawn(robots.learn("http://h:80")),
                                             async::spawn(robots.learn("http://h:80"))};
  auto waiting = async::wait(tasks);
  co_await std::move(waiting);
}

async::Task<void> first_is_cancelled(Robots& robots) {
  auto first = async::spawn(robots.learn("http://h:80"));
  auto second = async::spawn(robots.learn("http://h:80"));
  co_await async::sleep_for(500ms);
  first.cancel();
  co_await second;
}

async::Task<void> pass(async::Duration time) { co_await async::sleep_for(time); }

/// On a manual clock.
struct World {
  async::ManualClock clock;
  async::EventLoop loop{&clock};
  Answers answers;
  Robots robots{loop, "leat/1", [this](std::string url) { return answer(answers, std::move(url)); }};
};

}  // namespace

TEST_CASE("Robots: all who want to know wait for one answer, which holds for a day") {
  World world;
  CHECK_FALSE(world.robots.knows("http://h:80"));
  world.loop.run(two_learn(world.robots));
  CHECK(world.answers.asked == std::vector<std::string>{"http://h:80/robots.txt"});
  CHECK(world.robots.knows("http://h:80"));
  CHECK(world.robots.refusal(http::Url("http://h/no")));
  CHECK_FALSE(world.robots.refusal(http::Url("http://h/yes")));
  CHECK_FALSE(world.robots.refusal(http::Url("http://other/no")));
  world.loop.run(pass(24h - 1s));
  CHECK(world.robots.knows("http://h:80"));
  world.loop.run(pass(1s));
  CHECK_FALSE(world.robots.knows("http://h:80"));
  world.answers.text = "";
  world.loop.run(two_learn(world.robots));
  CHECK(world.answers.asked.size() == 2);
  CHECK_FALSE(world.robots.refusal(http::Url("http://h/no")));
}

TEST_CASE("Robots: where it can't be had it is asked for again after a minute, and an old one still counts") {
  World world;
  world.answers.status = 0;
  world.loop.run(two_learn(world.robots));
  CHECK(world.robots.refusal(http::Url("http://h/yes"))->code == Errc::connect_refused);
  world.loop.run(pass(1min));
  CHECK_FALSE(world.robots.knows("http://h:80"));
  world.answers.status = 200;
  world.loop.run(two_learn(world.robots));
  CHECK_FALSE(world.robots.refusal(http::Url("http://h/yes")));
  world.loop.run(pass(24h));
  world.answers.status = 503;
  world.loop.run(two_learn(world.robots));
  CHECK(world.robots.refusal(http::Url("http://h/no"))->code == Errc::blocked);
  CHECK_FALSE(world.robots.refusal(http::Url("http://h/yes")));
}

TEST_CASE("Robots: if the one who asks is cancelled, the next one asks") {
  World world;
  world.loop.run(first_is_cancelled(world.robots));
  CHECK(world.answers.asked.size() == 2);
  CHECK(world.robots.knows("http://h:80"));
}
