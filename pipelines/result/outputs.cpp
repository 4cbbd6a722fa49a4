#include "pipelines/result/outputs.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/text/csv_reader.hpp"

namespace leat::pipelines {

namespace {

Error write_error(const std::string& path) {
  Error error(Errc::file_error, "can't write \"" + path + "\": " + std::strerror(errno));
  error.os_errno = errno;
  return error;
}

// Of a regular file: a device or a pipe holds nothing to lose.
std::optional<io::FileId> id_of_file(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return io::id_of(status);
}

bool has_bytes(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

// A process that is killed may leave half a line. The record of that line is done again.
bool drop_half_line(int fd) {
  std::array<char, 4096> block{};
  for (off_t end = ::lseek(fd, 0, SEEK_END); end > 0;) {
    const off_t start = end > static_cast<off_t>(block.size()) ? end - static_cast<off_t>(block.size()) : 0;
    const ssize_t count = ::pread(fd, block.data(), static_cast<std::size_t>(end - start), start);
    if (count <= 0) return false;
    const std::string_view text(block.data(), static_cast<std::size_t>(count));
    const auto newline = text.rfind('\n');
    if (newline != std::string_view::npos)
      return ::ftruncate(fd, start + static_cast<off_t>(newline) + 1) == 0;
    end = start;
  }
  return ::ftruncate(fd, 0) == 0;
}

bool end_last_line(int fd) {
  const off_t size = ::lseek(fd, 0, SEEK_END);
  char last = '\n';
  if (size > 0 && ::pread(fd, &last, 1, size - 1) != 1) return false;
  return last == '\n' || ::write(fd, "\n", 1) == 1;
}

}  // namespace

std::vector<std::string> OutputFile::first_row(char delimiter) const {
  constexpr std::size_t kMost = 1u << 20;
  std::vector<std::string> names;
  // The standard output may be open for writing alone.
  const io::Fd file(::open(("/proc/self/fd/" + std::to_string(fd_)).c_str(), O_RDONLY | O_CLOEXEC));
  text::CsvReader reader(kMost, delimiter);
  std::string chunk(kMost, '\0');
  const ssize_t count = ::pread(file ? file.get() : fd_, chunk.data(), chunk.size(), 0);
  if (count <= 0) return names;
  chunk.resize(static_cast<std::size_t>(count));
  reader.feed(chunk);
  if (const auto row = reader.next()) names.assign(row->fields.begin(), row->fields.end());
  return names;
}

void Outputs::protect(const OutputFile& file, std::string what) {
  if (const auto id = id_of_file(file.fd_)) own_.add(std::move(what), *id);
}

std::string Outputs::what_is(const io::FileId& id) const {
  auto what = own_.what_is(id);
  if (what.empty() && id_of_file(standard_output_) == id) what = "the standard output";
  if (what.empty() && made_.contains({id.device, id.inode})) what = "an output";
  return what;
}

Status Outputs::check_protected(int fd, const std::string& path) const {
  const auto id = id_of_file(fd);
  const std::string what = id ? own_.what_is(*id) : std::string();
  if (what.empty()) return std::nullopt;
  const std::string name = path == "-" ? "standard output" : "\"" + path + "\"";
  return Error(Errc::bad_input,
               name + " is " + what + " of this run, and would be overwritten; write to another file");
}

// A file that was made only to be refused is removed again.
Result<io::Fd> Outputs::open_at(int directory, const std::string& name, int flags, const std::string& shown,
                                mode_t mode) const {
  io::Fd file(::openat(directory, name.c_str(), flags | O_CLOEXEC));
  const bool is_new = !file && errno == ENOENT;
  if (is_new) file = io::Fd(::openat(directory, name.c_str(), flags | O_CREAT | O_CLOEXEC, mode));
  if (!file) return write_error(shown);
  if (auto error = check_protected(file.get(), shown)) {
    if (is_new) ::unlinkat(directory, name.c_str(), 0);
    return std::move(*error);
  }
  return file;
}

Result<OutputFile*> Outputs::open(const std::string& path, Standing standing, mode_t mode) {
  if (const auto found = files_.find(path); found != files_.end()) {
    const int fd = found->second.file_ ? found->second.file_.get() : standard_output_;
    if (auto error = check_protected(fd, path)) return std::move(*error);
    if (!found->second.is_open())
      return Error(Errc::bad_input, "\"" + path + "\" is written to already, by the fields of records");
    hold(found->second);
    return last(found->second);
  }
  if (path == "-") {
    if (auto error = check_protected(standard_output_, path)) return std::move(*error);
    auto used = use(path, io::Fd(), standard_output_, standing);
    return used ? Result<OutputFile*>(last(**used)) : std::move(used);
  }
  std::error_code ignored;  // what is wrong with a directory, opening the file says
  if (const auto parent = std::filesystem::path(path).parent_path(); !parent.empty())
    std::filesystem::create_directories(parent, ignored);
  const bool adds = goes_on_ || standing == Standing::append;
  auto opened = open_at(AT_FDCWD, path, adds ? O_RDWR | O_APPEND : O_WRONLY, path, mode);
  if (!opened) return std::move(opened.error());
  const int fd = opened->get();
  auto used = use(path, std::move(*opened), fd, standing);
  return used ? Result<OutputFile*>(last(**used)) : std::move(used);
}

OutputFile* Outputs::last(OutputFile& file) noexcept {
  file.lasts_ = true;
  return &file;
}

Result<OutputFile*> Outputs::open_below(const io::BaseDirectory& base, const std::string& path,
                                        Standing standing) {
  const std::string shown = base.path() == "." ? path : io::joined_path(base.path(), path);
  const auto found = files_.find(shown);
  if (found != files_.end() && found->second.is_open()) {
    hold(found->second);
    return &found->second;
  }
  auto parent = base.parent_of(path, io::MissingDirectories::make);
  if (!parent) return std::move(parent.error());
  auto opened = open_at((*parent)->get(), std::string(io::last_component(path)),
                        O_RDWR | O_APPEND | O_NOFOLLOW, shown, kAnybody);
  if (!opened) return std::move(opened.error());
  if (found != files_.end()) return reopen(found->second, std::move(*opened));
  const int fd = opened->get();
  return use(shown, std::move(*opened), fd, standing);
}

// What an earlier run of this has left, which may have been killed.
bool Outputs::go_on_with(int fd, const std::string& whole_path, bool is_added_to) const {
  if (!ends_ || is_added_to) return drop_half_line(fd);
  const auto found = ends_->find(whole_path);
  const auto end = found == ends_->end() ? off_t{0} : static_cast<off_t>(found->second);
  return ::lseek(fd, 0, SEEK_END) > end ? ::ftruncate(fd, end) == 0 : drop_half_line(fd);
}

// A file that others have written to may lack the end of its last line; one of an earlier run of this may
// have half a line at its end.
Result<OutputFile*> Outputs::use(const std::string& path, io::Fd file, int fd, Standing standing) {
  const bool is_added_to = standing == Standing::append;
  const bool adds = goes_on_ || is_added_to;
  // Standard output has no path, and the directory in which it is written may be gone.
  const auto whole_path = file ? std::filesystem::absolute(path).lexically_normal().string() : std::string();
  if (file && has_bytes(fd)) {
    const bool done = goes_on_ ? go_on_with(fd, whole_path, is_added_to)
                      : adds   ? end_last_line(fd)
                               : ::ftruncate(fd, 0) == 0;
    if (!done) return write_error(path);
  }
  OutputFile made(path, adds && has_bytes(fd));
  made.whole_path_ = whole_path;
  if (file && !is_added_to && id_of_file(fd))
    made.start_ = static_cast<std::uint64_t>(::lseek(fd, 0, SEEK_END));
  made.fd_ = fd;
  if (const auto id = id_of_file(fd)) made_.emplace(id->device, id->inode);
  made.file_ = std::move(file);
  made.writer_ = std::make_unique<io::OutputWriter>(loop_, fd);
  made.users_ = 1;
  return &files_.emplace(path, std::move(made)).first->second;
}

Result<OutputFile*> Outputs::reopen(OutputFile& file, io::Fd fd) {
  file.fd_ = fd.get();
  file.file_ = std::move(fd);
  file.writer_ = std::make_unique<io::OutputWriter>(loop_, file.file_.get());
  file.users_ = 1;
  return &file;
}

io::OutputWriter* Outputs::find(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() || !found->second.is_open() ? nullptr : &found->second.writer();
}

io::OutputWriter* Outputs::adopt(const std::string& path, io::Fd file) {
  OutputFile made(path, false);
  made.file_ = std::move(file);
  made.writer_ = std::make_unique<io::OutputWriter>(loop_, made.file_.get());
  made.users_ = 1;
  return &last(files_.emplace(path, std::move(made)).first->second)->writer();
}

void Outputs::release(OutputFile& file) noexcept {
  if (--file.users_ > 0) return;
  file.before_ = file.written();
  file.writer_.reset();
  file.file_ = io::Fd();
}

Error output_error(const std::string& path, int number) {
  const bool full = number == ENOSPC || number == EDQUOT;
  const std::string what = path == "-" ? "the results" : "\"" + path + "\"";
  return Error(full ? Errc::disk_full : Errc::file_error,
               "can't write " + what + ": " + std::strerror(number));
}

}  // namespace leat::pipelines
