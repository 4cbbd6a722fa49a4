#include "engine/io/start_pages.hpp"

#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/io/fd.hpp"

namespace leat::io {

namespace {

bool is_traced() noexcept {
  const Fd status(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  std::array<char, 4096> text{};
  const ssize_t got = status ? ::read(status.get(), text.data(), text.size()) : 0;
  constexpr std::string_view kUntraced = "\nTracerPid:\t0\n";
  return got <= 0 || std::string_view(text.data(), static_cast<std::size_t>(got)).find(kUntraced) ==
                         std::string_view::npos;
}

// A segment without PF_W is as the file has it: on x86-64 nothing relocates code.
int give_back(dl_phdr_info* object, std::size_t, void*) noexcept {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const std::uintptr_t from = object->dlpi_addr + segment.p_vaddr;
    const std::uintptr_t begin = from & ~(page - 1);
    ::madvise(reinterpret_cast<void*>(begin), from + segment.p_memsz - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void give_back_start_pages() noexcept {
  if (!is_traced()) ::dl_iterate_phdr(give_back, nullptr);
}

}  // namespace leat::io
