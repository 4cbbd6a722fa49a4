#include "engine/io/writer_thread.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <limits>
#include <mutex>
#include <string_view>
#include <utility>

#include "engine/async/blocked_signals.hpp"
#include "engine/io/fd.hpp"

namespace leat::io {

namespace {

constexpr std::size_t kMaxWrite = 128 * 1024;  // bytes in one write; bounded so that `written` moves
// A buffer that one huge piece made larger than this is freed.
constexpr std::size_t kKeptCapacity = 1024 * 1024;
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

// Only pipes and sockets show by themselves that nobody reads any more. A terminal that hangs up sends
// SIGHUP.
bool shows_its_reader(int fd) noexcept {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

// Removes from the end of a file what is behind the last whole line of `written`, the text that was written
// there last. Nothing is removed if somebody else has written there since.
void take_back_half_line(int fd, std::string_view written) noexcept {
  const std::size_t half = written.size() - (written.rfind('\n') + 1);  // all of it if there is no line end
  struct stat status {};
  if (half == 0 || ::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return;
  const off_t end = ::lseek(fd, 0, SEEK_CUR);
  if (end != status.st_size || end < static_cast<off_t>(half)) return;
  const off_t whole = end - static_cast<off_t>(half);
  if (::ftruncate(fd, whole) == 0) ::lseek(fd, whole, SEEK_SET);
}

int pending_error(int fd) noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : 0;
}

}  // namespace

/// What the two threads share. The last of them destroys it.
class WriterThread::Writer {
 public:
  Writer(int fd, std::function<void()> notify)
      : fd_(::fcntl(fd, F_DUPFD_CLOEXEC, 3)), wakeup_(fd_ ? ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1) {
    if (!wakeup_) {
      error_number_ = errno;
      state_ = OutputState::failed;
      return;
    }
    notify_ = std::move(notify);
    watched_ = shows_its_reader(fd_.get());
  }

  // Runs on the writer's thread.
  void run() {
    pthread_setname_np(pthread_self(), "leat-output");
    std::string text;
    while (next(text) && write(text)) {
    }
  }

  // For the owner's thread.
  void hand_over(std::string& text);
  bool notify_at(std::uint64_t count);
  void stop();
  void abandon() noexcept;

  std::atomic<std::uint64_t> written_ = 0;
  std::atomic<OutputState> state_ = OutputState::open;
  std::atomic<int> error_number_ = 0;

 private:
  bool next(std::string& text);
  bool write(std::string_view text);
  bool advance(std::size_t count);
  bool wait_for_text() const;
  bool wait_until_writable();
  void end(int error_number);
  void wake() const noexcept;

  const Fd fd_;
  const Fd wakeup_;
  bool watched_ = false;

  std::mutex mutex_;  // guards the rest, and the writes to the atomics
  std::string handed_;
  std::function<void()> notify_;
  std::uint64_t notify_at_ = kNever;
  bool sleeping_ = false;  // true in wait_for_text: the thread must be woken
  bool stopping_ = false;  // ends when there is nothing more to write
  bool abandoned_ = false;
};

bool WriterThread::Writer::next(std::string& text) {
  if (text.capacity() > kKeptCapacity) text = std::string();
  text.clear();
  std::unique_lock lock(mutex_);
  for (;;) {
    if (abandoned_) return false;
    if (!handed_.empty()) {
      text.swap(handed_);
      return true;
    }
    if (stopping_) return false;
    sleeping_ = true;
    lock.unlock();
    const bool reader_gone = wait_for_text();
    lock.lock();
    sleeping_ = false;
    if (reader_gone) {
      lock.unlock();
      end(pending_error(fd_.get()));
      return false;
    }
  }
}

bool WriterThread::Writer::wait_for_text() const {
  pollfd polled[] = {{wakeup_.get(), POLLIN, 0}, {watched_ ? fd_.get() : -1, 0, 0}};
  ::poll(polled, 2, -1);
  if (polled[1].revents != 0) return true;
  eventfd_t ignored = 0;
  ::eventfd_read(wakeup_.get(), &ignored);
  return false;
}

// Where lines are written, a text begins where a line begins. If it can't be written to its end, because the
// disk is full, what is there still ends with a whole line, so that nobody takes half of one for a whole. Of
// a body, which may be cut anywhere, what is behind the last line end in the text is taken back as well.
bool WriterThread::Writer::write(std::string_view text) {
  const std::string_view all = text;
  while (!text.empty()) {
    const ssize_t count = ::write(fd_.get(), text.data(), std::min(text.size(), kMaxWrite));
    if (count >= 0) {
      if (!advance(static_cast<std::size_t>(count))) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      if (!wait_until_writable()) return false;
    } else if (errno != EINTR) {
      const int error = errno;
      take_back_half_line(fd_.get(), all.substr(0, all.size() - text.size()));
      end(error);
      return false;
    }
  }
  return true;
}

bool WriterThread::Writer::advance(std::size_t count) {
  const std::lock_guard lock(mutex_);
  written_ += count;
  if (written_ >= notify_at_) {
    notify_at_ = kNever;
    if (notify_) notify_();
  }
  return !abandoned_;
}

bool WriterThread::Writer::wait_until_writable() {
  pollfd polled[] = {{wakeup_.get(), POLLIN, 0}, {fd_.get(), POLLOUT, 0}};
  ::poll(polled, 2, -1);
  eventfd_t ignored = 0;
  ::eventfd_read(wakeup_.get(), &ignored);
  const std::lock_guard lock(mutex_);
  return !abandoned_;
}

void WriterThread::Writer::end(int error_number) {
  const std::lock_guard lock(mutex_);
  if (abandoned_) return;
  const bool quiet = error_number == 0 || error_number == EPIPE || error_number == ECONNRESET;
  error_number_ = quiet ? 0 : error_number;
  state_ = quiet ? OutputState::closed : OutputState::failed;
  handed_.clear();
  if (notify_) notify_();
}

void WriterThread::Writer::wake() const noexcept { ::eventfd_write(wakeup_.get(), 1); }

void WriterThread::Writer::hand_over(std::string& text) {
  bool must_wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (state_ == OutputState::open) {
      if (handed_.empty()) {
        handed_.swap(text);
      } else {
        handed_ += text;
      }
      must_wake = std::exchange(sleeping_, false);
    }
  }
  text.clear();
  if (must_wake) wake();
}

bool WriterThread::Writer::notify_at(std::uint64_t count) {
  const std::lock_guard lock(mutex_);
  const bool pending = state_ == OutputState::open && written_ < count;
  notify_at_ = pending ? count : kNever;
  return pending;
}

void WriterThread::Writer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    notify_ = nullptr;
  }
  wake();
}

void WriterThread::Writer::abandon() noexcept {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    notify_ = nullptr;
    handed_.clear();
    if (state_ == OutputState::open) state_ = OutputState::closed;
  }
  wake();
}

WriterThread::WriterThread(int fd, std::function<void()> notify)
    : writer_(std::make_shared<Writer>(fd, std::move(notify))) {
  if (state() != OutputState::open) return;
  const async::BlockedSignals blocked;
  thread_ = std::thread([writer = writer_] { writer->run(); });
}

WriterThread::~WriterThread() {
  if (!thread_.joinable()) return;
  writer_->stop();
  thread_.join();
}

void WriterThread::abandon() noexcept {
  writer_->abandon();
  if (thread_.joinable()) thread_.detach();
}

void WriterThread::hand_over(std::string& text) { writer_->hand_over(text); }
bool WriterThread::notify_at(std::uint64_t count) { return writer_->notify_at(count); }
OutputState WriterThread::state() const noexcept { return writer_->state_; }
int WriterThread::error_number() const noexcept { return writer_->error_number_; }
std::uint64_t WriterThread::written() const noexcept { return writer_->written_; }

}  // namespace leat::io
