#include "engine/io/file_writer.hpp"

#include <doctest/doctest.h>
#include <linux/seccomp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <future>
#include <optional>
#include <thread>

#include "tests/engine/io/kernel.hpp"
#include "tests/support/temp_dir.hpp"

namespace fs = std::filesystem;
using leat::Errc;
using leat::Status;
using leat::io::Fd;
using leat::io::FileWriter;
using leat::test::filter_calls;
using leat::test::let_through;
using leat::test::Limit;
using leat::test::mount_small_disk;
using leat::test::next_call;
using leat::tests::read_file;
using leat::tests::TempDir;
using leat::tests::write_file;
using Names = std::set<std::string>;

namespace {

FileWriter open(const std::string& base, const std::string& path) {
  auto writer = FileWriter::create(base, path);
  if (!writer) FAIL(writer.error().message);
  return std::move(*writer);
}

Errc create_error(const std::string& base, const std::string& path) {
  auto writer = FileWriter::create(base, path);
  REQUIRE_FALSE(writer.ok());
  CHECK(writer.error().message.find(path) != std::string::npos);
  return writer.error().code;
}

Errc code(const Status& status) {
  REQUIRE(status.has_value());
  return status->code;
}

/// Another thread's writer of BASE/name, which the kernel holds between the opening of its .part and the
/// locking.
class HeldWriter {
 public:
  explicit HeldWriter(const std::string& base)
      : thread_([this, base] {
          const int fd = filter_calls(SYS_flock, SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);
          listener_.set_value(fd);
          if (fd < 0) return;
          auto writer = FileWriter::create(base, "name");
          if (!writer) failure_ = writer.error().code;
        }),
        calls_(listener_.get_future().get()) {
    if (calls_) call_ = next_call(calls_);
  }
  /// False, which it says, where nobody may hold system calls.
  [[nodiscard]] bool is_held() const {
    if (!calls_) MESSAGE("skipped: seccomp is not permitted here");
    return static_cast<bool>(calls_);
  }
  /// Lets it go on to its end, by way of one lock more: why it failed.
  [[nodiscard]] std::optional<Errc> failure() {
    let_through(calls_, call_);
    let_through(calls_, next_call(calls_));
    thread_.join();
    return failure_;
  }

 private:
  std::promise<int> listener_;
  std::optional<Errc> failure_;
  std::jthread thread_;
  Fd calls_;
  std::uint64_t call_ = 0;
};

}  // namespace

TEST_CASE("FileWriter: the file has its final name only once it is committed") {
  const TempDir dir;
  FileWriter writer = open(dir.path(), "a/b/name");
  CHECK_FALSE(writer.write("one ").has_value());
  CHECK_FALSE(writer.write("two").has_value());
  CHECK(writer.size() == 7);
  CHECK_FALSE(fs::exists(dir / "a/b/name"));
  CHECK(read_file(dir / "a/b/name.part") == "one two");
  CHECK_FALSE(writer.commit(false).has_value());
  CHECK_FALSE(writer.is_open());
  CHECK(writer.size() == 7);
  CHECK(read_file(dir / "a/b/name") == "one two");
  CHECK_FALSE(fs::exists(dir / "a/b/name.part"));
}

TEST_CASE("FileWriter: a new file has mode 0666 less the umask") {
  const TempDir dir;
  const mode_t old = ::umask(027);
  FileWriter writer = open(dir.path(), "name");
  ::umask(old);
  CHECK_FALSE(writer.commit(false).has_value());
  CHECK(static_cast<unsigned>(fs::status(dir / "name").permissions()) == 0640U);
}

TEST_CASE("FileWriter: if it is destroyed before a commit, it leaves no file") {
  const TempDir dir;
  {
    FileWriter writer = open(dir.path(), "name");
    CHECK_FALSE(writer.write("bytes").has_value());
    CHECK(dir.names() == Names{"name.part"});
  }
  CHECK(dir.names().empty());
}

TEST_CASE("FileWriter: keep_part leaves the .part, and the next writer makes it anew") {
  const TempDir dir;
  {
    FileWriter writer = open(dir.path(), "name");
    CHECK_FALSE(writer.write("unfinished").has_value());
    writer.keep_part();
  }
  CHECK(read_file(dir / "name.part") == "unfinished");
  FileWriter next = open(dir.path(), "name");
  CHECK(next.size() == 0);
  CHECK_FALSE(next.write("new").has_value());
  CHECK_FALSE(next.commit(false).has_value());
  CHECK(read_file(dir / "name") == "new");
  CHECK(dir.names() == Names{"name"});
}

TEST_CASE("FileWriter: a kept .part is free at once, even if a child process has a copy of the descriptor") {
  const TempDir dir;
  auto writer = std::make_unique<FileWriter>(open(dir.path(), "name"));
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  writer->keep_part();
  writer.reset();
  CHECK(FileWriter::create(dir.path(), "name").ok());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST_CASE("FileWriter: rewind starts again from an empty file") {
  const TempDir dir;
  FileWriter writer = open(dir.path(), "name");
  CHECK_FALSE(writer.write("a long first try").has_value());
  CHECK_FALSE(writer.rewind().has_value());
  CHECK(writer.size() == 0);
  CHECK_FALSE(writer.write("short").has_value());
  CHECK_FALSE(writer.commit(false).has_value());
  CHECK(read_file(dir / "name") == "short");
}

TEST_CASE(
    "FileWriter: after a move there is still one writer; a writer that is assigned to discards what it had") {
  const TempDir dir;
  FileWriter writer = open(dir.path(), "first");
  FileWriter moved = std::move(writer);
  writer = FileWriter();
  CHECK_FALSE(moved.write("bytes").has_value());
  CHECK(dir.names() == Names{"first.part"});
  moved = open(dir.path(), "second");
  CHECK(dir.names() == Names{"second.part"});
  CHECK_FALSE(moved.commit(false).has_value());
  CHECK(dir.names() == Names{"second"});
}

TEST_CASE("FileWriter: a target that appeared meanwhile stays without replace, and is replaced with it") {
  const TempDir dir;
  FileWriter writer = open(dir.path(), "name");
  CHECK_FALSE(writer.write("new").has_value());
  write_file(dir / "name", "old");
  CHECK(code(writer.commit(false)) == Errc::file_exists);
  CHECK(read_file(dir / "name") == "old");
  CHECK(writer.is_open());
  CHECK_FALSE(writer.commit(true).has_value());
  CHECK(read_file(dir / "name") == "new");
  CHECK(dir.names() == Names{"name"});
}

TEST_CASE("FileWriter: it replaces nothing on a file system without RENAME_NOREPLACE either") {
  const TempDir dir;
  write_file(dir / "taken", "old");
  bool forbidden = false;
  Status taken;
  Status free;
  std::thread([&] {
    forbidden = filter_calls(SYS_renameat2, SECCOMP_RET_ERRNO | EINVAL) >= 0;
    if (!forbidden) return;
    auto first = FileWriter::create(dir.path(), "taken");
    auto second = FileWriter::create(dir.path(), "free");
    static_cast<void>(second->write("new"));
    taken = first->commit(false);
    free = second->commit(false);
  }).join();
  if (!forbidden) {
    MESSAGE("skipped: seccomp is not permitted here");
    return;
  }
  CHECK(code(taken) == Errc::file_exists);
  CHECK(read_file(dir / "taken") == "old");
  CHECK_FALSE(free.has_value());
  CHECK(read_file(dir / "free") == "new");
  CHECK(dir.names() == Names{"free", "taken"});
}

TEST_CASE("FileWriter: two writers of one target never mix: the second one fails") {
  const TempDir dir;
  FileWriter first = open(dir.path(), "name");
  CHECK_FALSE(first.write("first").has_value());
  CHECK(create_error(dir.path(), "name") == Errc::file_exists);
  CHECK_FALSE(first.commit(false).has_value());
  CHECK(read_file(dir / "name") == "first");
  CHECK(FileWriter::create(dir.path(), "name").ok());
}

TEST_CASE("FileWriter: a .part that is committed between its opening and its locking is not touched") {
  const TempDir dir;
  FileWriter first = open(dir.path(), "name");
  CHECK_FALSE(first.write("first").has_value());
  HeldWriter late(dir.path());
  if (!late.is_held()) return;
  CHECK_FALSE(first.commit(false).has_value());
  FileWriter second = open(dir.path(), "name");
  CHECK(late.failure() == Errc::file_exists);
  CHECK(read_file(dir / "name") == "first");
  CHECK_FALSE(second.write("second").has_value());
  CHECK_FALSE(second.commit(true).has_value());
  CHECK(read_file(dir / "name") == "second");
}

TEST_CASE(
    "FileWriter: a .part that another writer takes for a stale one before it is locked is left to that") {
  const TempDir dir;
  HeldWriter slow(dir.path());  // its .part is there, and not locked yet
  if (!slow.is_held()) return;
  FileWriter quick = open(dir.path(), "name");
  CHECK_FALSE(quick.write("quick").has_value());
  CHECK(slow.failure() == Errc::file_exists);
  CHECK_FALSE(quick.commit(false).has_value());
  CHECK(read_file(dir / "name") == "quick");
  CHECK(dir.names() == Names{"name"});
}

TEST_CASE("FileWriter: a directory in the place of the file is a file_error, at the start and at the end") {
  const TempDir dir;
  fs::create_directory(dir / "early");
  CHECK(create_error(dir.path(), "early") == Errc::file_error);
  for (const bool replace : {false, true}) {
    FileWriter writer = open(dir.path(), "late");
    fs::create_directory(dir / "late");
    CHECK(code(writer.commit(replace)) == Errc::file_error);
    fs::remove(dir / "late");
  }
  CHECK(dir.names() == Names{"early"});
}

TEST_CASE(
    "FileWriter: a symbolic link at the target is refused, and one that appears later is not followed") {
  const TempDir dir;
  write_file(dir / "victim", "precious");
  fs::create_symlink("victim", dir / "link");
  CHECK(create_error(dir.path(), "link") == Errc::name_refused);
  FileWriter writer = open(dir.path(), "late");
  fs::create_symlink("victim", dir / "late");
  CHECK(code(writer.commit(false)) == Errc::file_exists);
  CHECK_FALSE(writer.commit(true).has_value());
  CHECK(fs::is_regular_file(fs::symlink_status(dir / "late")));
  CHECK(read_file(dir / "victim") == "precious");
}

TEST_CASE("FileWriter: a .part that somebody planted is refused and left as it is") {
  const TempDir dir;
  write_file(dir / "victim", "precious");
  fs::create_symlink("victim", dir / "symbolic.part");
  fs::create_symlink("nothing", dir / "dangling.part");
  fs::create_hard_link(dir / "victim", dir / "hard.part");
  fs::create_directory(dir / "directory.part");
  ::mkfifo((dir / "fifo.part").c_str(), 0600);
  const Names before = dir.names();
  CHECK(create_error(dir.path(), "symbolic") == Errc::name_refused);
  CHECK(create_error(dir.path(), "dangling") == Errc::name_refused);
  CHECK(create_error(dir.path(), "hard") == Errc::name_refused);
  CHECK(create_error(dir.path(), "directory") == Errc::file_error);
  CHECK(create_error(dir.path(), "fifo") == Errc::file_error);
  CHECK(read_file(dir / "victim") == "precious");
  CHECK(dir.names() == before);
}

TEST_CASE("FileWriter: a name that ends in .part is refused, since unfinished files have such names") {
  const TempDir dir;
  FileWriter writer = open(dir.path(), "name");
  CHECK(create_error(dir.path(), "name.part") == Errc::name_refused);
  CHECK(create_error(dir.path(), ".part") == Errc::name_refused);
  CHECK(create_error(dir.path(), "name.part.resume") == Errc::name_refused);
}

TEST_CASE("FileWriter: names of up to 255 bytes have a .part of their own; longer names are refused") {
  const TempDir dir;
  const std::string prefix(252, 'n');
  FileWriter first = open(dir.path(), prefix + "one");
  FileWriter second = open(dir.path(), prefix + "two");
  CHECK_FALSE(first.write("1").has_value());
  CHECK_FALSE(second.write("2").has_value());
  CHECK(create_error(dir.path(), prefix + "one") == Errc::file_exists);
  CHECK_FALSE(first.commit(false).has_value());
  CHECK_FALSE(second.commit(false).has_value());
  CHECK(read_file(dir / (prefix + "one")) == "1");
  CHECK(read_file(dir / (prefix + "two")) == "2");
  CHECK(create_error(dir.path(), prefix + "four") == Errc::name_refused);
}

TEST_CASE("FileWriter: a long name of a .part is cut between characters, not inside one") {
  const TempDir dir;
  std::string name = "xx";  // this puts the cut inside a character
  while (name.size() < 252) name += "\u20ac";
  FileWriter writer = open(dir.path(), name);
  const std::string part = *dir.names().begin();
  const std::string kept = part.substr(0, part.find('~'));
  CHECK(kept == name.substr(0, kept.size()));
  CHECK((kept.size() - 2) % 3 == 0);
  CHECK(part.ends_with(".part"));
}

TEST_CASE("FileWriter: on a full disk the write fails with disk_full, and what was written can be kept") {
  const TempDir dir;
  bool mounted = false;
  Status failed;
  std::uint64_t size = 0;
  std::string kept;
  std::thread([&] {
    mounted = mount_small_disk(dir.path());
    if (!mounted) return;
    {
      auto writer = FileWriter::create(dir.path(), "name");
      failed = writer->write(std::string(100'000, 'x'));
      size = writer->size();
      writer->keep_part();
    }
    kept = read_file(dir / "name.part");
  }).join();
  if (!mounted) {
    MESSAGE("skipped: mount is not permitted here");
    return;
  }
  CHECK(code(failed) == Errc::disk_full);
  CHECK(failed->message.find("No space left on device") != std::string::npos);
  CHECK_FALSE(failed->retryable);
  CHECK(size > 0);
  CHECK(size <= 65536);
  CHECK(kept == std::string(size, 'x'));
}

TEST_CASE("FileWriter: beyond the limit of a file's size the write fails with file_error") {
  const TempDir dir;
  FileWriter writer = open(dir.path(), "name");
  const auto old = std::signal(SIGXFSZ, SIG_IGN);
  Status failed;
  {
    const Limit limit(RLIMIT_FSIZE, 1000);
    failed = writer.write(std::string(1500, 'x'));
  }
  std::signal(SIGXFSZ, old);
  CHECK(code(failed) == Errc::file_error);
  CHECK(failed->message == "cannot write '" + (dir / "name") + "': File too large");
  CHECK(writer.size() == 1000);
}

TEST_CASE("FileWriter: without free descriptors it fails with an error that may be retried") {
  const TempDir dir;
  const Limit limit(RLIMIT_NOFILE, 3);
  auto writer = FileWriter::create(dir.path(), "name");
  REQUIRE_FALSE(writer.ok());
  CHECK(writer.error().code == Errc::file_error);
  CHECK(writer.error().retryable);
}

namespace {

leat::io::PartNote note_of(const std::string& source) {
  leat::io::PartNote note;
  note.source = source;
  note.version = "\"v1\"";
  return note;
}

void leave_part(const TempDir& dir, const std::string& source) {
  FileWriter writer = open(dir.path(), "name");
  CHECK_FALSE(writer.write("one ").has_value());
  CHECK_FALSE(writer.write_note(note_of(source)).has_value());
  writer.keep_part();
}

std::optional<FileWriter> resume(const TempDir& dir, const std::string& source) {
  auto resumed = FileWriter::resume(dir.path(), "name", source);
  REQUIRE(resumed.ok());
  return std::move(*resumed);
}

}  // namespace

TEST_CASE("FileWriter: a .part with a note is continued at its end, and the commit removes the note") {
  const TempDir dir;
  leave_part(dir, "a");
  CHECK(dir.names() == Names{"name.part", "name.part.resume"});
  auto writer = resume(dir, "a");
  REQUIRE(writer.has_value());
  CHECK(writer->size() == 4);
  CHECK(writer->note().version == "\"v1\"");
  CHECK(writer->read_back(1, 100).value() == "ne ");
  CHECK_FALSE(writer->write("two").has_value());
  CHECK_FALSE(writer->commit(false).has_value());
  CHECK(read_file(dir / "name") == "one two");
  CHECK(dir.names() == Names{"name"});
}

TEST_CASE(
    "FileWriter: a .part is resumed only if it has a complete note of the same source, and by one writer at "
    "a time") {
  const TempDir dir;
  CHECK_FALSE(resume(dir, "a").has_value());
  CHECK_FALSE(FileWriter::resume(dir.path(), "no/such/name", "a").value().has_value());
  CHECK(dir.names().empty());
  leave_part(dir, "a");
  CHECK_FALSE(resume(dir, "b").has_value());
  {
    auto first = resume(dir, "a");
    CHECK_FALSE(resume(dir, "a").has_value());
    first->keep_part();
  }
  CHECK(resume(dir, "a").has_value());
  CHECK(dir.names().empty());
  leave_part(dir, "a");
  fs::resize_file(dir / "name.part.resume", 20);
  CHECK_FALSE(resume(dir, "a").has_value());
}

TEST_CASE("FileWriter: a writer that starts a .part again removes its note first") {
  const TempDir dir;
  leave_part(dir, "a");
  {
    FileWriter fresh = open(dir.path(), "name");
    CHECK(dir.names() == Names{"name.part"});
    CHECK(fresh.size() == 0);
  }
  leave_part(dir, "a");
  auto writer = resume(dir, "a");
  CHECK_FALSE(writer->rewind().has_value());
  CHECK(dir.names() == Names{"name.part"});
  writer.reset();
  leave_part(dir, "a");
  fs::remove(dir / "name.part");
  const FileWriter other = open(dir.path(), "name");
  CHECK(dir.names() == Names{"name.part"});
}

TEST_CASE("FileWriter: a note that somebody planted as a link is not followed") {
  const TempDir dir;
  write_file(dir / "victim", note_of("a").text());
  fs::create_symlink("victim", dir / "name.part.resume");
  write_file(dir / "name.part", "planted");
  CHECK_FALSE(resume(dir, "a").has_value());
  FileWriter writer = open(dir.path(), "name");
  CHECK(writer.size() == 0);
  fs::create_symlink("victim", dir / "name.part.resume");
  CHECK(writer.write_note(note_of("b")).has_value());
  CHECK(read_file(dir / "victim") == note_of("a").text());
}

TEST_CASE("look_at: it says what is at a name; it makes nothing and follows no link") {
  const TempDir dir;
  fs::create_directories(dir / "a/directory");
  write_file(dir / "a/file", "");
  write_file(dir / "a/unfinished.part.resume", "");
  fs::create_symlink("file", dir / "a/link");
  fs::create_directory_symlink("a", dir / "b");
  const auto look = [&](const char* path) { return leat::io::look_at(dir.path(), path); };
  CHECK(look("a/file").value().file);
  CHECK_FALSE(look("a/file").value().note);
  CHECK_FALSE(look("a/file").value().nothing);
  CHECK_FALSE(look("a/unfinished").value().file);
  CHECK(look("a/unfinished").value().note);
  CHECK_FALSE(look("a/unfinished").value().nothing);
  CHECK_FALSE(look("a/none").value().file);
  CHECK(look("a/none").value().nothing);
  CHECK_FALSE(look("none/file").value().file);
  CHECK(look("none/file").value().nothing);
  CHECK_FALSE(look("a/directory").value().file);
  CHECK_FALSE(look("a/directory").value().nothing);
  CHECK(look("a/directory").value().directory);
  REQUIRE(::mkfifo((dir / "a/fifo").c_str(), 0600) == 0);
  CHECK(look("a/fifo").value().special);
  CHECK(look("a/file").value().id == leat::io::id_of(dir / "a/file"));
  CHECK(look("a/link").error().code == Errc::name_refused);
  CHECK(look("b/file").error().code == Errc::name_refused);
  CHECK(look("../x").error().code == Errc::name_refused);
  CHECK(look("a/file/x").error().code == Errc::file_error);
  CHECK(look("a/file/x").error().os_errno == ENOTDIR);
  CHECK(dir.names() == Names{"a", "b"});
}

TEST_CASE(
    "FileWriter: a FIFO is never replaced, neither one that was there nor one that appeared meanwhile") {
  const TempDir dir;
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  const auto refused = FileWriter::create(dir.path(), "fifo");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("it is a device, a FIFO or a socket") != std::string::npos);
  FileWriter writer = open(dir.path(), "late");
  REQUIRE(::mkfifo((dir / "late").c_str(), 0600) == 0);
  CHECK(writer.commit(true).has_value());
  CHECK(fs::is_fifo(dir / "late"));
}

TEST_CASE("FileWriter: a time that the file system can't keep leaves the time of arrival") {
  const TempDir dir;
  constexpr std::time_t kFar = 253'402'300'799;  // the last second of the year 9999
  FileWriter writer = open(dir.path(), "name");
  writer.set_modified(kFar);
  REQUIRE_FALSE(writer.commit(false).has_value());
  struct stat status {};
  REQUIRE(::stat((dir / "name").c_str(), &status) == 0);
  const bool is_kept = status.st_mtime == kFar;
  CHECK((is_kept || std::abs(status.st_mtime - std::time(nullptr)) < 100));
}

TEST_CASE("FileWriter: a directory that was removed since the last file is made again") {
  const TempDir dir;
  const leat::io::BaseDirectory base(dir / "out");
  for (const char* path : {"a/one", "a/two"}) {
    auto writer = FileWriter::create(base, path);
    REQUIRE(writer.ok());
    CHECK_FALSE(writer->write(path).has_value());
    CHECK_FALSE(writer->commit(false).has_value());
    CHECK(read_file(dir / ("out/" + std::string(path))) == path);
    fs::remove_all(dir / "out");
  }
  // This is also true of a name that was not known before.
  for (const char* path : {"b/one", "b/two"}) {
    auto writer = FileWriter::create(base, "hidden");
    REQUIRE(writer.ok());
    CHECK_FALSE(writer->commit_as(base, path, false).has_value());
    fs::remove_all(dir / "out/b");
  }
}

TEST_CASE(
    "FileWriter: a file that appeared after nothing was found is neither written through nor replaced") {
  const TempDir dir;
  const leat::io::BaseDirectory base(dir.path());
  write_file(dir / "victim", "safe");
  for (const char* name : {"file", "link", "part", "part-link"}) {
    CAPTURE(name);
    const auto standing = leat::io::look_at(base, name).value();
    CHECK(standing.nothing);
    if (name == std::string("file")) write_file(dir / "file", "theirs");
    if (name == std::string("link")) fs::create_symlink("victim", dir / "link");
    if (name == std::string("part")) write_file(dir / "part.part", "left over");
    if (name == std::string("part-link")) fs::create_symlink("victim", dir / "part-link.part");
    auto writer = FileWriter::create(base, name, standing);
    if (name == std::string("part-link")) {
      CHECK(writer.error().code == Errc::name_refused);
      continue;
    }
    REQUIRE(writer.ok());
    CHECK_FALSE(writer->write("ours").has_value());
    const auto committed = writer->commit(false);
    if (name == std::string("part")) {
      CHECK_FALSE(committed.has_value());
      CHECK(read_file(dir / "part") == "ours");
    } else {
      CHECK(code(committed) == Errc::file_exists);
    }
  }
  CHECK(read_file(dir / "victim") == "safe");
  CHECK(read_file(dir / "file") == "theirs");
}
