#include "pipelines/stages/record/run_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "engine/async/wait_for.hpp"
#include "engine/io/run_process.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kMostErrors = 4096;
constexpr std::size_t kMostQuoted = 200;

Error exec_failed(std::string message) { return Error(Errc::exec_failed, std::move(message)); }

Status check(const CommandArgs& argv) {
  if (argv.empty() || argv[0].empty()) return exec_failed("names no program");
  for (std::size_t i = 0; i < argv.size(); ++i) {
    if (argv[i].find('\0') == std::string::npos) continue;
    return exec_failed(i == 0 ? std::string("the program's name holds a NUL byte")
                              : fmt::format("argument {} holds a NUL byte", i));
  }
  return std::nullopt;
}

std::string first_line(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  auto line = text.substr(begin, text.find_first_of("\r\n", begin) - begin);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  return text::printable(line, kMostQuoted);
}

std::string describe(const std::string& program, const io::Captured& captured) {
  std::string text = fmt::format("'{}' ended with {}", program, captured.status.text());
  if (const auto line = first_line(captured.errors); !line.empty()) text += ": " + line;
  return text;
}

Result<std::string> output_of(const std::string& program, io::Captured captured, std::size_t most_bytes) {
  if (captured.too_much)
    return exec_failed(fmt::format("'{}' printed more than {} bytes", program, most_bytes));
  if (!captured.status.ok()) return exec_failed(describe(program, captured));
  if (captured.output.ends_with('\n')) captured.output.pop_back();
  return std::move(captured.output);
}

// LEAT_USER and its like may be secrets, and so are what a plan's secret:LEAT_PLAN_… stands for.
std::vector<std::string> own_environment() {
  std::vector<std::string> variables;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view variable = *one;
    if (!variable.starts_with("LEAT_")) variables.emplace_back(variable);
  }
  return variables;
}

}  // namespace

async::Task<Result<std::string>> run_command(async::EventLoop& loop, CommandArgs argv, std::string stdin_text,
                                             async::Duration limit, std::size_t most_bytes,
                                             std::function<async::Duration()> grace, io::TakeOutput take) {
  if (auto error = check(argv)) co_return std::move(*error);
  const std::string program = text::printable(argv[0], kMostQuoted);
  io::Command command;
  command.argv = std::move(argv);
  command.environment = own_environment();
  command.grace = std::move(grace);
  command.feed = !stdin_text.empty();
  command.errors = io::ErrorOutput::pipe;
  const io::CaptureLimits limits{most_bytes, kMostErrors};
  auto running = io::run_process(loop, std::move(command), std::move(stdin_text), limits, std::move(take));
  std::optional<Result<io::Captured>> captured;
  try {
    auto waiting = async::wait_for(std::move(running), limit);
    captured.emplace(co_await std::move(waiting));
  } catch (const async::TimeoutError&) {
    co_return Error(Errc::timeout,
                    fmt::format("'{}' ran longer than {}", program, text::format_duration(limit)));
  }
  if (!*captured) {
    Error error = std::move(captured->error());
    error.code = Errc::exec_failed;
    co_return error;
  }
  co_return output_of(program, std::move(**captured), most_bytes);
}

std::size_t default_commands_at_once() noexcept { return std::max(1u, std::thread::hardware_concurrency()); }

CommandRunner::CommandRunner(async::EventLoop& loop, std::size_t at_once, async::Duration limit,
                             std::size_t most_bytes)
    : loop_(loop), slots_(at_once), limit_(limit), most_bytes_(most_bytes) {}

async::Task<Result<std::string>> CommandRunner::run(CommandArgs argv, std::string stdin_text) {
  const auto slot = co_await slots_.acquire();
  auto running = run_command(loop_, std::move(argv), std::move(stdin_text), limit_, most_bytes_);
  co_return co_await std::move(running);
}

}  // namespace leat::pipelines
