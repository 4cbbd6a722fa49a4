#include "engine/io/input_reader.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/async/queue.hpp"

namespace leat::io {

namespace {

Error read_error(const std::string& name, int number) {
  return Error(Errc::file_error, "can't read " + name + ": " + std::strerror(number));
}

/// A descriptor to read from. Standard input is not ours to close.
class Input {
 public:
  Input(int fd, bool owned, std::string name) noexcept : name_(std::move(name)), fd_(fd), owned_(owned) {}
  Input(Input&& other) noexcept
      : name_(std::move(other.name_)), fd_(std::exchange(other.fd_, -1)), owned_(other.owned_) {}
  Input& operator=(Input&&) = delete;
  ~Input() {
    if (owned_ && fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  std::string name_;
  int fd_;
  bool owned_;
};

class FileReader final : public InputReader {
 public:
  FileReader(Input input, std::uint64_t size) noexcept : input_(std::move(input)), size_(size) {}

  async::Task<Status> read(std::string& chunk) override {
    chunk.resize(stopped_ ? 0 : kChunk);
    ssize_t got = 0;
    do {
      got = ::read(input_.fd(), chunk.data(), chunk.size());
    } while (got < 0 && errno == EINTR);
    const int number = errno;
    chunk.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    if (got < 0) co_return read_error(input_.name(), number);
    offset_ += chunk.size();
    co_return std::nullopt;
  }
  void stop() noexcept override { stopped_ = true; }
  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }
  [[nodiscard]] std::uint64_t offset() const noexcept override { return offset_; }

 private:
  Input input_;
  std::uint64_t size_;
  std::uint64_t offset_ = 0;
  bool stopped_ = false;
};

/// What one read gave: bytes, or an error's number, or neither at the end.
struct Chunk {
  Chunk(std::string b, int e) noexcept : bytes(std::move(b)), error(e) {}
  std::string bytes;
  int error;
};

/// A reader with a thread that reads and posts, and a queue on the loop's side. A post may arrive after the
/// reader is gone, so it holds the queue by a shared_ptr.
class ThreadReader final : public InputReader {
 public:
  ThreadReader(async::EventLoop& loop, Input input)
      : loop_(loop),
        input_(std::move(input)),
        stop_fd_(::eventfd(0, EFD_CLOEXEC)),
        thread_([this] { work(); }) {}
  ~ThreadReader() override {
    stop();
    thread_.join();
    ::close(stop_fd_);
  }

  async::Task<Status> read(std::string& chunk) override {
    chunk.clear();
    auto got = co_await queue_->get();
    if (!got || stopping_) co_return std::nullopt;
    {
      const std::lock_guard lock(mutex_);
      --ahead_;
    }
    room_.notify_one();
    if (got->error != 0) co_return read_error(input_.name(), got->error);
    chunk = std::move(got->bytes);
    co_return std::nullopt;
  }

  void stop() noexcept override {
    if (std::exchange(stopping_, true)) return;
    queue_->close();
    {
      const std::lock_guard lock(mutex_);
      thread_stops_ = true;
    }
    room_.notify_one();
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_fd_, &one, sizeof one);
  }

 private:
  static constexpr int kAhead = 2;
  using ChunkQueue = async::Queue<Chunk>;

  void work() {
    std::string buffer(kChunk, '\0');
    while (wait_for_room() && wait_for_input()) {
      const ssize_t got = ::read(input_.fd(), buffer.data(), buffer.size());
      const int number = errno;
      if (got < 0 && (number == EINTR || number == EAGAIN)) continue;
      {
        const std::lock_guard lock(mutex_);
        ++ahead_;
      }
      std::string bytes = got > 0 ? buffer.substr(0, static_cast<std::size_t>(got)) : std::string();
      loop_.post([queue = queue_, chunk = Chunk(std::move(bytes), got < 0 ? number : 0)]() mutable {
        const bool last = chunk.bytes.empty();
        queue->try_put(std::move(chunk));
        if (last) queue->close();
      });
      if (got <= 0) return;
    }
  }

  bool wait_for_room() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return thread_stops_ || ahead_ < kAhead; });
    return !thread_stops_;
  }

  // Gives false if the thread was told to stop.
  bool wait_for_input() const {
    std::array<pollfd, 2> fds{{{input_.fd(), POLLIN, 0}, {stop_fd_, POLLIN, 0}}};
    while (::poll(fds.data(), fds.size(), -1) < 0 && errno == EINTR) {
    }
    return fds[1].revents == 0;
  }

  async::EventLoop& loop_;
  Input input_;
  std::shared_ptr<ChunkQueue> queue_ = std::make_shared<ChunkQueue>();
  std::mutex mutex_;
  std::condition_variable room_;
  int ahead_ = 0;              // chunks that were posted and not yet taken; under mutex_
  bool thread_stops_ = false;  // under mutex_
  bool stopping_ = false;      // loop thread only
  int stop_fd_;
  std::thread thread_;
};

}  // namespace

std::string input_name(const std::string& path) {
  return path == "-" ? "standard input" : "\"" + path + "\"";
}

Result<std::unique_ptr<InputReader>> InputReader::open(async::EventLoop& loop, const std::string& path) {
  const bool standard = path == "-";
  const std::string name = input_name(path);
  // The descriptor doesn't block, because opening a FIFO would otherwise wait for its writer.
  const int fd = standard ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return read_error(name, errno);
  Input input(fd, !standard, name);
  struct stat status {};
  if (::fstat(fd, &status) != 0) return read_error(name, errno);
  if (S_ISDIR(status.st_mode)) return read_error(name, EISDIR);
  if (S_ISREG(status.st_mode)) {
    const auto size = static_cast<std::uint64_t>(status.st_size);
    return std::unique_ptr<InputReader>(std::make_unique<FileReader>(std::move(input), size));
  }
  return std::unique_ptr<InputReader>(std::make_unique<ThreadReader>(loop, std::move(input)));
}

}  // namespace leat::io
