#include "pipelines/worker/jq_worker_main.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <limits>
#include <new>
#include <string>
#include <vector>

#include "engine/io/sandbox.hpp"
#include "pipelines/expr/jq_program.hpp"
#include "pipelines/expr/jq_refused.hpp"
#include "pipelines/expr/jq_wire.hpp"
#include "pipelines/expr/worker_program.hpp"
#include "pipelines/extract/extractor.hpp"
#include "pipelines/extract/page.hpp"

namespace leat::pipelines {

namespace {

constexpr rlim_t kMostMemory = rlim_t{1} << 30;
constexpr std::size_t kMostAnswer = std::size_t{64} << 20;
constexpr std::size_t kBatch = 64 * 1024;
constexpr suseconds_t kHoldBack = 5'000;  // an answer may wait so many µs for others to go with
constexpr int kBadStart = 2;

[[noreturn]] void end_out_of_memory(void*) noexcept { ::_exit(kJqOutOfMemory); }

// Sanitizers reserve terabytes of address space, and read and write files when they please, as gcov does.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(LEAT_COVERAGE)
constexpr bool kIsInstrumented = true;
#elif defined(__has_feature)
constexpr bool kIsInstrumented = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kIsInstrumented = false;
#endif

void confine_this_process() noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGPIPE, SIG_IGN);
  const rlimit core{0, 0};
  ::setrlimit(RLIMIT_CORE, &core);
  const rlimit memory{kMostMemory, kMostMemory};
  if (!kIsInstrumented) ::setrlimit(RLIMIT_AS, &memory);
  ::clearenv();
}

std::int64_t now_ns() noexcept {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

/// A program of one kind or the other, or the reason why there is none.
struct Slot {
  std::optional<JqProgram> program;
  std::optional<Extractor> extractor;
  std::string fault;
};

Slot make_page_slot(std::string_view text) {
  Slot slot;
  auto compiled = Extractor::compile(page_program_of(text));
  if (auto fault = fault_of(compiled)) {
    slot.fault = std::move(fault->message);
  } else {
    slot.extractor.emplace(std::get<Extractor>(std::move(compiled)));
  }
  return slot;
}

Slot make_jq_slot(const std::string& text) {
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

/// One answer while it grows.
class AnswerWriter final : public JqProgram::Outputs {
 public:
  void begin() {
    frame_.clear();
    put_frame_head(frame_, 0, kJqOk);
  }
  bool add(std::string_view json) override {
    if (frame_.size() + json.size() > kMostAnswer) return false;
    put_text(frame_, json);
    return true;
  }
  void fail(std::string_view message) {
    frame_.clear();
    put_frame_head(frame_, 0, kJqFailed);
    frame_.append(message);
  }
  std::string_view end() {
    set_u32(frame_, 0, static_cast<std::uint32_t>(frame_.size() - JqFrame::kHead));
    return frame_;
  }

 private:
  std::string frame_;
};

/// Answers that wait for others, to be sent together. None waits longer than kHoldBack, whatever libjq is
/// doing: then the alarm sends them. The alarm may interrupt an evaluation, but nothing that changes the
/// answers.
class Answers {
 public:
  explicit Answers(int out) noexcept : out_(out) {
    instance = this;
    struct sigaction action {};
    action.sa_handler = [](int) { instance->on_alarm(); };
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGALRM, &action, nullptr);
  }
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;

  [[nodiscard]] bool is_batch() const noexcept { return held_.size() >= kBatch; }

  /// Call it before and after an evaluation.
  void evaluating(bool now) noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    evaluating_ = now ? 1 : 0;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  void add(std::string_view frame) {
    if (sent_ != 0) held_.clear();
    sent_ = 0;
    if (held_.empty()) set_alarm();
    held_.append(frame);
  }
  /// Gives false if nobody reads the answers any more.
  bool flush() noexcept {
    const bool sent = sent_ != 0 || send();
    held_.clear();
    sent_ = 0;
    return sent;
  }

 private:
  static void set_alarm() noexcept {
    itimerval when{};
    when.it_value.tv_usec = kHoldBack;
    ::setitimer(ITIMER_REAL, &when, nullptr);
  }
  void on_alarm() noexcept {
    const int before = errno;
    if (evaluating_ == 0) {
      set_alarm();  // by then what changes the answers will be done
    } else if (sent_ == 0 && !held_.empty()) {
      send();
      sent_ = 1;
    }
    errno = before;
  }
  bool send() const noexcept {
    std::string_view left(held_);
    while (!left.empty()) {
      const ssize_t written = ::write(out_, left.data(), left.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  static Answers* instance;  // needed because a signal's handler gets no argument of ours

  int out_;
  std::string held_;
  volatile std::sig_atomic_t evaluating_ = 0;
  volatile std::sig_atomic_t sent_ = 0;  // set by the alarm
};
Answers* Answers::instance = nullptr;

/// The page that was asked about last; extractors that follow each other ask about the same page.
class LastPage {
 public:
  Page& of(std::string_view question) {
    if (!page_ || question != question_) {
      page_.reset();
      question_ = question;
      const auto parts = page_question_of(question_);
      page_.emplace(parts.body, std::string(parts.content_type), std::string(parts.url));
    }
    return *page_;
  }

 private:
  std::string question_;
  std::optional<Page> page_;
};

class Server {
 public:
  Server(int in, int out, JqPage& page, const std::string& base)
      : page_(page), in_(in), answers_(out), base_(base) {}

  int run() {
    while (fill()) {
      std::string_view arrived(input_);
      arrived.remove_prefix(used_);
      while (auto frame = take_frame(arrived)) {
        take(*frame);
        if (answers_.is_batch() && !answers_.flush()) return 0;
      }
      used_ = input_.size() - arrived.size();
      if (!answers_.flush()) return 0;
    }
    return 0;
  }

 private:
  // Reads another piece of input behind what is not used yet. Gives false at the end.
  bool fill() {
    input_.erase(0, used_);
    used_ = 0;
    const std::size_t before = input_.size();
    // The missing part of a frame may be megabytes.
    const std::size_t wanted = before >= JqFrame::kHead ? get_u32(input_) : 0;
    input_.resize(before + std::max(kBatch, wanted));
    ssize_t got = 0;
    do {
      got = ::read(in_, input_.data() + before, input_.size() - before);
    } while (got < 0 && errno == EINTR);
    input_.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    return got > 0;
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
    for (std::uint32_t i = 0; i < frame.tag; ++i) {
      const auto kind = static_cast<WorkerProgram::Kind>(get_u32(frame.payload));
      frame.payload.remove_prefix(sizeof(std::uint32_t));
      const auto text = take_text(frame.payload);
      slots_.push_back(kind == WorkerProgram::Kind::page ? make_page_slot(text)
                                                         : make_jq_slot(std::string(text)));
    }
    // What they need is loaded. What comes next is what servers have sent.
    if (!kIsInstrumented) io::enter_sandbox();
  }

  void answer(const JqFrame& request) {
    writer_.begin();
    page_.started_ns.store(now_ns(), std::memory_order_relaxed);
    page_.running.store(++requests_, std::memory_order_release);
    answers_.evaluating(true);
    Slot& slot = slots_.at(request.tag);
    if (slot.extractor) {
      answer_page(*slot.extractor, request.payload);
    } else if (!slot.program) {
      writer_.fail(slot.fault);
    } else if (const auto error = eval(*slot.program, request.payload)) {
      writer_.fail(error->message);
    }
    answers_.evaluating(false);
    answers_.add(writer_.end());
    page_.running.store(0, std::memory_order_release);
  }

  Status eval(JqProgram& program, std::string_view input) {
    if (!input.starts_with(kJqDifference)) return program.eval(input, writer_);
    return program.eval(base_, input.substr(1), writer_);
  }

  void answer_page(const Extractor& extractor, std::string_view question) {
    const auto found = extractor.extract(last_page_.of(question));
    if (!found) {
      writer_.fail(found.error().message);
    } else if (!writer_.add(found.value())) {
      writer_.fail("what it finds is too large");
    }
  }

  JqPage& page_;
  int in_;
  Answers answers_;
  AnswerWriter writer_;
  bool started_ = false;
  std::vector<Slot> slots_;
  LastPage last_page_;
  JqObject base_;
  std::string input_;
  std::size_t used_ = 0;  // bytes at the front of input_ that are used
  std::uint64_t requests_ = 0;
};

}  // namespace

int run_jq_worker(int in, int out, const std::string& base) {
  confine_this_process();
  void* const shared = ::mmap(nullptr, sizeof(JqPage), PROT_READ | PROT_WRITE, MAP_SHARED, kJqPageFd, 0);
  if (shared == MAP_FAILED) return kBadStart;
  ::close(kJqPageFd);
  try {
    return Server(in, out, *static_cast<JqPage*>(shared), base).run();
  } catch (const std::bad_alloc&) {
    return kJqOutOfMemory;
  }
}

}  // namespace leat::pipelines
