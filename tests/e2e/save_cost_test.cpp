// What it costs to save a file, in system calls, which is what decides it for small files.
#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;
namespace fs = std::filesystem;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

// All that have to do with files. Sockets are not written to by write(2), but wake-ups of threads are.
constexpr const char* kCalls =
    "open,openat,creat,close,read,pread64,write,pwrite64,lseek,stat,fstat,lstat,newfstatat,statx,access,"
    "faccessat,faccessat2,fcntl,flock,ftruncate,fsync,fdatasync,fchmod,fchmodat,utimensat,fsetxattr,"
    "fgetxattr,"
    "rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,getdents64,fstatfs,ioctl";

// The number of such calls in a run that saves COUNT small files in one folder. Results go nowhere, since
// they are written by a thread that is woken as often as the machine has time for.
std::uint64_t calls_of(int count, const std::string& more) {
  const TempDir dir;
  // While there is no folder, it is looked for with each record that is read ahead, and how many those are
  // depends on what else runs here.
  fs::create_directory(dir / "out");
  std::string list;
  for (int i = 0; i < count; ++i) list += origin().url("/range/4096/" + std::to_string(i)) + "\n";
  const std::string spec = "lines | fetch n=16 | save \"" + dir.path() + "/out/{name}\" " + more + " | null";
  // LeakSanitizer, in a build that has it, can't work in a process that is traced.
  const std::vector<std::string> words{"strace",    "-E",    "ASAN_OPTIONS=detect_leaks=0",
                                       "-f",        "-qq",   "-c",
                                       "-U",        "calls", "-e",
                                       kCalls,      "-o",    dir / "calls",
                                       LEAT_BINARY, "run",   "-q",
                                       spec};
  const auto run = run_process(words, list);
  CAPTURE(run.err);
  REQUIRE(run.status == 0);
  const auto saved = std::distance(fs::directory_iterator(dir / "out"), fs::directory_iterator());
  REQUIRE(saved == count);
  // The last line is the total, where strace has no name to put beside it, or "total".
  const auto lines = lines_of(read_file(dir / "calls"));
  REQUIRE(!lines.empty());
  std::istringstream total(lines.back());
  std::uint64_t calls = 0;
  total >> calls;
  return calls;
}

// What starts and ends a run costs the same for any number of files.
double calls_a_file(const std::string& more = "") {
  constexpr int kFew = 100;
  constexpr int kMany = 600;
  return static_cast<double>(calls_of(kMany, more) - calls_of(kFew, more)) / (kMany - kFew);
}

}  // namespace

TEST_CASE("save: a small file costs at most 8 system calls") {
  if (run_process({"strace", "-f", "-qq", "true"}).status != 0) {
    MESSAGE("nothing may be traced here: not tested");
    return;
  }
  // It is opened, locked, looked at whether it still has its name, written, marked with its source, given the
  // server's time, renamed and closed. A few more calls belong to reads of the list.
  CHECK(calls_a_file() < 8.5);
  CHECK(calls_a_file("remote-time=false") < 7.5);
}
