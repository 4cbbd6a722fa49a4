#include "pipelines/state/sqlite/journal_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <functional>

#include "tests/pipelines/state/journal_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

// Makes a closed journal with a few thousand rows.
std::string make_journal(const tests::TempDir& directory) {
  const std::string path = directory / "state";
  OpenJournal journal(path);
  for (std::uint64_t id = 1; id <= 5000; ++id) journal.end(id, "line " + std::to_string(id));
  return path;
}

void overwrite(const std::string& path, off_t offset, const std::string& bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY);
  REQUIRE(fd >= 0);
  CHECK(::pwrite(fd, bytes.data(), bytes.size(), offset) == static_cast<ssize_t>(bytes.size()));
  ::close(fd);
}

struct Damage {
  const char* name;
  std::function<void(const std::string& path)> inflict;
  const char* says;
};

const std::string kRefused = "cannot use the journal '";

}  // namespace

TEST_CASE(
    "JournalFile: a file that is no journal of this leat, or is damaged, is refused and left as it is, with "
    "what to do") {
  const Damage damages[] = {
      {"truncated to nothing", [](const auto& path) { REQUIRE(::truncate(path.c_str(), 0) == 0); },
       "it is empty; remove it"},
      {"truncated within the header", [](const auto& path) { REQUIRE(::truncate(path.c_str(), 50) == 0); },
       "it is cut short; remove it"},
      {"truncated to a page", [](const auto& path) { REQUIRE(::truncate(path.c_str(), 4096) == 0); },
       "cut short"},
      {"truncated to half",
       [](const auto& path) {
         REQUIRE(::truncate(path.c_str(), static_cast<off_t>(std::filesystem::file_size(path) / 2)) == 0);
       },
       "cut short"},
      {"truncated by one byte",
       [](const auto& path) {
         REQUIRE(::truncate(path.c_str(), static_cast<off_t>(std::filesystem::file_size(path) - 1)) == 0);
       },
       "cut short"},
      {"zeroed", [](const auto& path) { tests::write_file(path, std::string(8192, '\0')); },
       "its beginning is all zeros; remove it"},
      {"zeroed in its middle",
       [](const auto& path) { overwrite(path, 4096 * 5, std::string(4096 * 3, '\0')); }, "it is damaged"},
      {"a text", [](const auto& path) { tests::write_file(path, std::string(500, 'x')); },
       "it is not a journal of leat's; name another"},
      {"a short text", [](const auto& path) { tests::write_file(path, "http://a.org/\n"); },
       "it is not a journal of leat's; name another"},
      {"another program's database", [](const auto& path) { overwrite(path, 68, std::string(4, '\0')); },
       "another program's database; name another"},
      {"a newer version's", [](const auto& path) { overwrite(path, 60, std::string("\0\0\0\3", 4)); },
       "a newer leat wrote it (format 3, this one knows 2); use that leat"},
      {"an older version's", [](const auto& path) { overwrite(path, 60, std::string(4, '\0')); },
       "another version of leat wrote it (format 0"},
  };
  for (const Damage& damage : damages) {
    CAPTURE(damage.name);
    const tests::TempDir directory;
    const std::string path = make_journal(directory);
    damage.inflict(path);
    const std::string before = tests::read_file(path);
    const auto opened = open_journal_file(journal_options(path).file);
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().code == Errc::file_error);
    CAPTURE(opened.error().message);
    CHECK(opened.error().message.starts_with(kRefused + path + "': "));
    CHECK(opened.error().message.find(damage.says) != std::string::npos);
    CHECK(tests::read_file(path) == before);
    CHECK(directory.names() == std::set<std::string>{"state"});
  }
}

TEST_CASE("JournalFile: a directory, a pipe and a path that leads nowhere are refused") {
  const tests::TempDir directory;
  CHECK_FALSE(open_journal_file(journal_options(directory.path()).file).ok());
  CHECK_FALSE(open_journal_file(journal_options(directory / "none/state").file).ok());
  const std::string pipe = directory / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_FALSE(open_journal_file(journal_options(pipe).file).ok());
  CHECK(directory.names() == std::set<std::string>{"pipe"});
}

TEST_CASE(
    "JournalFile: a journal of another configuration is refused with what differs, unless any will do") {
  const tests::TempDir directory;
  const std::string path = make_journal(directory);
  auto options = journal_options(path).file;
  options.config[0].second = "lines \"urls.txt\" | fetch n=9 | write json";
  const std::string before = tests::read_file(path);
  auto refused = open_journal_file(options);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("it belongs to another run: spec was \"n=8 | write json\", now it is "
                                     "\"n=9 | write json\"; run the same command again, or remove it") !=
        std::string::npos);
  CHECK(tests::read_file(path) == before);
  options.config[0].second = "lines \"urls.txt\" | fetch n=8 | write json";
  options.config.emplace_back("retry", "3");
  refused = open_journal_file(options);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("retry was nothing, now it is \"3\"") != std::string::npos);
  options.any_config = true;
  CHECK(open_journal_file(options).ok());
  options.any_config = false;
  CHECK(open_journal_file(options).ok());  // now it is this run's
}

TEST_CASE("JournalFile: another version of leat with the same format is no reason to refuse") {
  const tests::TempDir directory;
  const std::string path = make_journal(directory);
  auto options = journal_options(path).file;
  options.leat_version = "0.2.0";
  CHECK(open_journal_file(options).ok());
}

TEST_CASE("JournalFile: a second process is refused, and admitted once the first was killed") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  int opened[2];
  REQUIRE(::pipe(opened) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto file = open_journal_file(journal_options(path).file);
    const char ok = file.ok() ? '1' : '0';
    if (::write(opened[1], &ok, 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char ok = '0';
  REQUIRE(::read(opened[0], &ok, 1) == 1);
  CHECK(ok == '1');
  const auto refused = open_journal_file(journal_options(path).file);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("another leat is using it") != std::string::npos);
  CHECK(view_journal_file(path).ok());
  CHECK(view_journal_file(path).value().in_use);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(open_journal_file(journal_options(path).file).ok());
  CHECK_FALSE(view_journal_file(path).value().in_use);
  ::close(opened[0]);
  ::close(opened[1]);
}

TEST_CASE("JournalFile: the journal of a killed process is continued through a symbolic link, too") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  const std::string link = directory / "link";
  REQUIRE(::symlink(path.c_str(), link.c_str()) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    OpenJournal journal(path);
    journal.end(1, "a");
    journal.commit();
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  CHECK(directory.names().count("state-wal") == 1);
  OpenJournal journal(link);
  CHECK(journal.lookup(1, "a").done);
}

TEST_CASE(
    "JournalFile: the log of a journal whose process was killed and that was then removed does not affect "
    "the next one") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  const pid_t child = ::fork();
  if (child == 0) {
    OpenJournal journal(path);
    journal.end(1, "a");
    journal.commit();
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  REQUIRE(directory.names().count("state-wal") == 1);
  REQUIRE(::unlink(path.c_str()) == 0);
  OpenJournal journal(path);
  CHECK_FALSE(journal.lookup(1, "a").done);
}

TEST_CASE(
    "JournalFile: a journal that is closed with a large log leaves that for the next one, which has "
    "everything") {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  {
    OpenJournal journal(path);
    for (std::uint64_t id = 1; id <= 200'000; ++id) {
      journal.end(id, std::to_string(id));
      if (id % 1000 == 0) journal.commit();
    }
    journal.commit();
  }
  CHECK(directory.names().count("state-wal") == 1);
  OpenJournal journal(path);
  CHECK(journal.lookup(1, "1").done);
  CHECK(journal.lookup(200'000, "200000").done);
}

TEST_CASE("JournalFile: only its owner can read it, and it leaves nothing beside it once it is closed") {
  const tests::TempDir directory;
  const std::string path = make_journal(directory);
  CHECK(directory.names() == std::set<std::string>{"state"});
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("JournalFile: a durable journal is opened and used in the same way") {
  const tests::TempDir directory;
  auto options = journal_options(directory / "state");
  options.file.durable = true;
  OpenJournal journal(options);
  journal.end(1, "a");
  journal.commit();
}
