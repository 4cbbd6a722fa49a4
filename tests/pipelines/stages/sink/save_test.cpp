#include "pipelines/stages/sink/save.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;
using leat::tests::read_file;
using leat::tests::TempDir;

namespace {

std::unique_ptr<Save> saving(const TempDir& directory, const std::string& rest, OnExist on_exist) {
  SaveArgs args;
  args.file_template = (directory / rest);
  args.on_exist = on_exist;
  auto made = Save::make(args);
  REQUIRE(made.ok());
  return std::move(*made);
}

Record record_of(const std::string& url) {
  Record record;
  record.id = 1;
  record.request.url = url;
  return record;
}

std::size_t files_below(const std::string& path) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    count += entry.is_regular_file() ? 1 : 0;
  }
  return count;
}

GetPlan plan_into(const TempDir& directory, const std::string& rest) {
  GetPlan get;
  get.save.file_template = (directory / rest);
  return get;
}

}  // namespace

TEST_CASE(
    "Save: a name that says nothing of the URL belongs to one record until that gives it back unwritten") {
  const TempDir directory;
  const auto save = saving(directory, "one", OnExist::overwrite);
  Record a = record_of("http://a/x");
  Record b = record_of("http://b/x");
  {
    auto first = save->claim(a);
    REQUIRE(first.ok());
    REQUIRE(first->has_value());
    const auto second = save->claim(b);
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().code == Errc::file_exists);
    CHECK(second.error().message.find("this run already writes") == 0);
  }
  auto again = save->claim(b);
  REQUIRE(again.ok());
  (*again)->written();
  { const auto gone = std::move(again); }
  CHECK_FALSE(save->claim(a).ok());
}

namespace {

// The paths of the claims, one after the other, each given up before the next is made.
std::vector<std::string> paths_of(Save& save, const std::vector<std::string>& urls) {
  std::vector<std::string> paths;
  for (const auto& url : urls) {
    Record record = record_of(url);
    auto claim = save.claim(record);
    paths.push_back(!claim.ok() ? std::string(to_string(claim.error().code)) : (*claim)->path());
  }
  return paths;
}

}  // namespace

TEST_CASE(
    "Save: a name belongs to the first URL that has it, also if that fails, and others get longer ones") {
  using Paths = std::vector<std::string>;
  const TempDir directory;
  const Paths urls{
      "http://h/a/pkg/copyright", "http://h/b/pkg/copyright", "http://h/c/copyright", "http://h/d?id=7",
      "http://h/d?id=8",          "http://i/c/copyright",     "http://h/e",           "http://h/e?id=9",
      "http://i/e?id=9"};
  const Paths names{"copyright", "pkg/copyright", "c/copyright", "d", "d@id=8", "i/c/copyright",
                    "e",         "e@id=9",        "i/e"};
  for (const auto how : {OnExist::resume, OnExist::skip, OnExist::overwrite}) {
    const auto save = saving(directory, "{name}", how);
    CHECK(paths_of(*save, urls) == names);
    CHECK(paths_of(*save, urls) == names);
  }
  const auto failing = saving(directory, "{name}", OnExist::fail);
  CHECK(paths_of(*failing, {urls[0], urls[1]}) == Paths{"copyright", "file_exists"});
}

TEST_CASE("Save: a folder in the place of a file, and a file in that of a folder, make room") {
  using Paths = std::vector<std::string>;
  for (const bool is_there : {false, true}) {
    CAPTURE(is_there);
    const TempDir directory;
    if (is_there) {
      std::filesystem::create_directories(directory / "b");
      tests::write_file(directory / "a", "");
    }
    const auto save = saving(directory, "{path}", OnExist::overwrite);
    CHECK(paths_of(*save, {"http://h/a", "http://h/a/x/y", "http://h/a/z", "http://h/b/x", "http://h/b"}) ==
          Paths{"a", "a.d/x/y", "a.d/z", "b/x", "b/index.html"});
  }
}

TEST_CASE(
    "Save: the same URL at the same time has a file of its own until it is whole, and then the first one's") {
  const TempDir directory;
  const auto save = saving(directory, "{name}", OnExist::resume);
  Record record = record_of("http://h/x");
  auto first = save->claim(record);
  auto second = save->claim(record);
  REQUIRE(second.ok());
  CHECK((*first)->path() == "x");
  CHECK((*second)->path() != "x");
  CHECK((*second)->becomes() == "x");
  CHECK((*second)->shown() == directory / "x");
  Record post = record_of("http://h/x");
  post.request.method = "POST";
  auto other = save->claim(post);
  REQUIRE(other.ok());
  CHECK((*other)->path() == "h/x");
}

TEST_CASE("Save: rename skips numbers that this run has taken and that exist already") {
  const TempDir directory;
  tests::write_file((directory / "x.1.txt"), "old");
  const auto save = saving(directory, "{name}", OnExist::rename);
  Record record = record_of("http://a/x.txt");
  auto first = save->claim(record);
  auto second = save->claim(record);
  auto third = save->claim(record);
  CHECK((*first)->path() == "x.txt");
  CHECK((*second)->path() == "x.2.txt");
  CHECK((*third)->path() == "x.3.txt");
}

TEST_CASE("Save: skip, fail and overwrite do what they say with a file that was there before") {
  const TempDir directory;
  tests::write_file((directory / "x"), "old");
  Record record = record_of("http://a/x");
  auto claimed = saving(directory, "{name}", OnExist::skip)->claim(record);
  REQUIRE(claimed.ok());
  CHECK_FALSE(claimed->has_value());
  CHECK(record.outcome == Outcome::skipped);
  CHECK(record.filename == (directory / "x"));
  Record other = record_of("http://a/x");
  CHECK(saving(directory, "{name}", OnExist::fail)->claim(other).error().code == Errc::file_exists);
  const auto overwriting = saving(directory, "{name}", OnExist::overwrite);
  auto replacing = overwriting->claim(other);
  CHECK((*replacing)->replace());
}

TEST_CASE("Save: a line's own output stays below the template's directory") {
  const TempDir directory;
  const auto save = saving(directory, "{name}", OnExist::overwrite);
  for (const char* output : {"../x", "/etc/x", "a/../../x", "..//{name}"}) {
    CAPTURE(output);
    Record record = record_of("http://a/x");
    record.output = output;
    const auto refused = save->claim(record);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == Errc::name_refused);
  }
  Record record = record_of("http://a/x");
  record.output = "./a//b/{host}-{name}.bin";
  auto claimed = save->claim(record);
  REQUIRE(claimed.ok());
  CHECK((*claimed)->path() == "a/b/a-x.bin");
}

TEST_CASE("Save: bodies stream into their files, and only complete ones have their names") {
  const TempDir directory;
  GetPlan get = plan_into(directory, "out/{host}/{path}");
  get.urls = {origin().url("/size/100K/a.bin"), origin().url("/size/0/empty"),
              origin().url("/truncate/10/100/cut"), origin().url("/status/404/none"),
              origin().url("/size/10/dir/")};
  const Ran ran = run_plan(get);
  const std::string base = (directory / "out/127.0.0.1/");
  CHECK(ran.of_id(1).text("filename") == base + "size/100K/a.bin");
  CHECK(read_file(base + "size/100K/a.bin").size() == 100 * 1024);
  CHECK(read_file(base + "size/0/empty").empty());
  CHECK(read_file(base + "size/10/dir/index.html").size() == 10);
  CHECK(ran.of_id(3).error_code() == "truncated");
  CHECK(ran.of_id(3).is_null("filename"));
  CHECK(ran.of_id(4).is_null("filename"));
  CHECK(files_below(directory.path()) == 3);
}

TEST_CASE("Save: a file that is there is skipped without a request") {
  const TempDir directory;
  GetPlan get = plan_into(directory, "{name}");
  get.urls = {origin().url("/size/10/save-skip")};
  tests::write_file((directory / "save-skip"), "old");
  const Ran ran = run_plan(get);
  CHECK(ran.count(Outcome::skipped) == 1);
  CHECK(origin().requests_of("/size/10/save-skip") == 0);
  CHECK(read_file((directory / "save-skip")) == "old");
}

TEST_CASE("Save: two URLs with one name at the same time never mix, whatever --on-exist says") {
  for (const auto how : {OnExist::skip, OnExist::overwrite, OnExist::fail}) {
    const TempDir directory;
    GetPlan get = plan_into(directory, "one");
    get.save.on_exist = how;
    get.urls = {origin().url("/drip/20/10/a"), origin().url("/size/5")};
    const Ran ran = run_plan(get);
    CHECK(ran.count(Outcome::ok) == 1);
    CHECK(ran.of_id(2).error_code() == "file_exists");
    CHECK(read_file((directory / "one")).size() == 20);
  }
}

TEST_CASE("Save: each attempt starts the file again") {
  const TempDir directory;
  GetPlan get = plan_into(directory, "{name}");
  get.fetch.retry = 3;
  get.urls = {origin().url("/truncate/10/100/again?times=2")};
  const Ran ran = run_plan(get);
  CHECK(ran.of_id(1).text("outcome") == "ok");
  CHECK(ran.of_id(1).number("num_retries") == 2);
  CHECK(read_file((directory / "again")).size() == ran.of_id(1).number("size_download"));
}

TEST_CASE("Save: a body may go to its file and into the result") {
  const TempDir directory;
  GetPlan get = plan_into(directory, "{name}");
  get.write.include = {"body"};
  get.urls = {origin().url("/ok/both")};
  const Ran ran = run_plan(get);
  CHECK(ran.of_id(1).text("body") == "ok\n");
  CHECK(read_file((directory / "both")) == "ok\n");
}

TEST_CASE("Save: a wrong checksum leaves no file with the final name") {
  const TempDir directory;
  tests::write_file((directory / "in"), "{\"url\":\"" + origin().url("/ok/bad-sum") + "\",\"sha256\":\"" +
                                            std::string(64, '0') + "\"}\n");
  GetPlan get = plan_into(directory, "out/{name}");
  get.lines.path = (directory / "in");
  const Ran ran = run_plan(get);
  CHECK(ran.of_id(1).error_code() == "checksum_mismatch");
  CHECK(files_below((directory / "out")) == 0);
}

TEST_CASE("Save: a directory that can't be written to fails only its record") {
  const TempDir directory;
  tests::write_file((directory / "file"), "");
  GetPlan get = plan_into(directory, "file/{name}");
  get.urls = {origin().url("/ok/x"), origin().url("/ok/y")};
  const Ran ran = run_plan(get);
  CHECK_FALSE(ran.status);
  CHECK(ran.of_id(1).error_code() == "file_error");
  CHECK(std::string(ran.of_id(1)["error"]["stage"].GetString()) == "save");
}
