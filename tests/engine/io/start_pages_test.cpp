#include "engine/io/start_pages.hpp"

#include <doctest/doctest.h>
#include <link.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

/// How much of files is resident in this process, in kB.
long resident_file_kb() {
  const std::string status = read_file("/proc/self/status");
  const auto at = status.find("RssFile:");
  return at == std::string::npos ? -1 : std::strtol(status.c_str() + at + 8, nullptr, 10);
}

int add_pages(dl_phdr_info* object, std::size_t, void* sum) {
  if (std::string_view(object->dlpi_name).find("libcrypto") == std::string_view::npos) return 0;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || segment.p_flags != (PF_R | PF_X)) continue;
    const auto* bytes = reinterpret_cast<const volatile unsigned char*>(object->dlpi_addr + segment.p_vaddr);
    for (std::size_t at = 0; at < segment.p_memsz; at += 4096) *static_cast<unsigned*>(sum) += bytes[at];
  }
  return 0;
}

/// Reads every page of libcrypto's code, 2 MB, as a start that uses all of it would do.
unsigned touch_libcrypto() {
  unsigned sum = 0;
  ::dl_iterate_phdr(add_pages, &sum);
  return sum;
}

}  // namespace

TEST_CASE(
    "the pages that the start touched are given back, and have the same content when they are used again") {
  const unsigned before = touch_libcrypto();
  REQUIRE(before > 0);
  const long resident = resident_file_kb();
  io::give_back_start_pages();
  CHECK(resident_file_kb() < resident - 1000);
  CHECK(touch_libcrypto() == before);
}

TEST_CASE("a process that is traced keeps its pages, with the breakpoints in them") {
  const pid_t child = ::fork();
  if (child == 0) {
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    touch_libcrypto();
    const long resident = resident_file_kb();
    io::give_back_start_pages();
    ::_exit(resident_file_kb() < resident ? 1 : 0);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
