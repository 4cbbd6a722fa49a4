#include "pipelines/stages/outputs.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace leat::pipelines {

Result<io::OutputWriter*> Outputs::open(const std::string& path) {
  if (const auto found = targets_.find(path); found != targets_.end()) return found->second.writer.get();
  Target target;
  int fd = standard_output_;
  if (path != "-") {
    target.file = io::Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (!target.file) {
      Error error(Errc::file_error, "can't write \"" + path + "\": " + std::strerror(errno));
      error.os_errno = errno;
      return error;
    }
    fd = target.file.get();
  }
  target.writer = std::make_unique<io::OutputWriter>(loop_, fd);
  return targets_.emplace(path, std::move(target)).first->second.writer.get();
}

}  // namespace leat::pipelines
