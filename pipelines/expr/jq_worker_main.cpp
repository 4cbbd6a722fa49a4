#include "pipelines/expr/jq_worker_main.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <new>
#include <string>
#include <vector>

#include "pipelines/expr/jq_program.hpp"
#include "pipelines/expr/jq_refused.hpp"
#include "pipelines/expr/jq_wire.hpp"

namespace leat::pipelines {

namespace {

constexpr rlim_t kMostMemory = rlim_t{1} << 30;
constexpr std::size_t kMostAnswer = std::size_t{64} << 20;
constexpr std::size_t kBatch = 64 * 1024;
constexpr std::int64_t kHoldBack = 5'000'000;  // ns that an answer may wait for others to go with
constexpr int kBadStart = 2;

[[noreturn]] void end_out_of_memory(void*) noexcept { ::_exit(kJqOutOfMemory); }

// Sanitizers keep terabytes of address space for themselves.
void limit_memory() noexcept {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return;
#endif
#endif
  const rlimit memory{kMostMemory, kMostMemory};
  ::setrlimit(RLIMIT_AS, &memory);
#endif
}

void confine_this_process() noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGPIPE, SIG_IGN);
  const rlimit core{0, 0};
  ::setrlimit(RLIMIT_CORE, &core);
  limit_memory();
  ::clearenv();
}

std::int64_t now_ns() noexcept {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

/// A program, or why there is none.
struct Slot {
  std::optional<JqProgram> program;
  std::string fault;
};

Slot make_slot(const std::string& text) {
  Slot slot;
  if (auto refused = find_refused_in_jq(text)) {
    slot.fault = std::move(refused->message);
    return slot;
  }
  auto compiled = JqProgram::compile(text);
  if (compiled) {
    slot.program.emplace(std::move(*compiled));
    slot.program->on_out_of_memory(&end_out_of_memory);
  } else {
    slot.fault = std::move(compiled.error().message);
  }
  return slot;
}

class AnswerWriter final : public JqProgram::Outputs {
 public:
  explicit AnswerWriter(std::string& to) noexcept : to_(to) {}

  void begin() {
    begin_ = to_.size();
    put_frame_head(to_, 0, kJqOk);
  }
  bool add(std::string_view json) override {
    if (to_.size() - begin_ + json.size() > kMostAnswer) return false;
    put_text(to_, json);
    return true;
  }
  void fail(std::string_view message) {
    to_.resize(begin_);
    put_frame_head(to_, 0, kJqFailed);
    to_.append(message);
  }
  void end() { set_u32(to_, begin_, static_cast<std::uint32_t>(to_.size() - begin_ - JqFrame::kHead)); }

 private:
  std::string& to_;
  std::size_t begin_ = 0;
};

class Server {
 public:
  Server(int in, int out, JqPage& page) noexcept : page_(page), in_(in), out_(out) {}

  int run() {
    while (fill()) {
      std::string_view arrived(input_);
      arrived.remove_prefix(used_);
      while (auto frame = take_frame(arrived)) {
        take(*frame);
        if (answers_.size() >= kBatch && !flush()) return 0;
      }
      used_ = input_.size() - arrived.size();
      if (!flush()) return 0;
    }
    return 0;
  }

 private:
  // Another piece of input behind what is not used yet. False at the end.
  bool fill() {
    input_.erase(0, used_);
    used_ = 0;
    const std::size_t before = input_.size();
    // What a half frame still lacks may be megabytes.
    const std::size_t wanted = before >= JqFrame::kHead ? get_u32(input_) : 0;
    input_.resize(before + std::max(kBatch, wanted));
    ssize_t got = 0;
    do {
      got = ::read(in_, input_.data() + before, input_.size() - before);
    } while (got < 0 && errno == EINTR);
    input_.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    return got > 0;
  }

  bool flush() {
    std::string_view left(answers_);
    while (!left.empty()) {
      const ssize_t written = ::write(out_, left.data(), left.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    answers_.clear();
    return true;
  }

  void take(const JqFrame& frame) {
    if (!started_) {
      start(frame);
    } else {
      answer(frame);
    }
  }

  void start(JqFrame frame) {
    started_ = true;
    for (std::uint32_t i = 0; i < frame.tag; ++i)
      slots_.push_back(make_slot(std::string(take_text(frame.payload))));
  }

  void answer(const JqFrame& request) {
    const std::int64_t now = now_ns();
    if (answers_.empty()) {
      held_since_ = now;
    } else if (now - held_since_ > kHoldBack) {
      flush();
    }
    AnswerWriter writer(answers_);
    writer.begin();
    page_.started_ns.store(now, std::memory_order_relaxed);
    page_.running.store(++requests_, std::memory_order_release);
    Slot& slot = slots_.at(request.tag);
    if (!slot.program) {
      writer.fail(slot.fault);
    } else if (const auto error = slot.program->eval(request.payload, writer)) {
      writer.fail(error->message);
    }
    writer.end();
    page_.running.store(0, std::memory_order_release);
  }

  JqPage& page_;
  int in_;
  int out_;
  bool started_ = false;
  std::vector<Slot> slots_;
  std::string input_;
  std::size_t used_ = 0;  // bytes at the front of input_
  std::string answers_;
  std::int64_t held_since_ = 0;
  std::uint64_t requests_ = 0;
};

}  // namespace

int run_jq_worker(int in, int out) {
  confine_this_process();
  void* const shared = ::mmap(nullptr, sizeof(JqPage), PROT_READ | PROT_WRITE, MAP_SHARED, kJqPageFd, 0);
  if (shared == MAP_FAILED) return kBadStart;
  try {
    return Server(in, out, *static_cast<JqPage*>(shared)).run();
  } catch (const std::bad_alloc&) {
    return kJqOutOfMemory;
  }
}

}  // namespace leat::pipelines
