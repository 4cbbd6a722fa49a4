#include "pipelines/stages/exec.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "engine/async/wait_for.hpp"
#include "engine/io/run_process.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/stages/assign.hpp"
#include "pipelines/stages/line_parser.hpp"
#include "pipelines/stages/line_splitter.hpp"
#include "pipelines/stages/outside.hpp"
#include "pipelines/stages/pass_on.hpp"
#include "pipelines/text/utf8.hpp"

namespace leat::pipelines {

namespace {

Error failure(const std::string& command, const io::Captured& captured) {
  constexpr std::size_t kShown = 200;
  std::string message = "\"" + printable(command, kShown) + "\" ended with " + captured.status.text();
  if (captured.too_much) message = "\"" + printable(command, kShown) + "\" printed more than 16 MiB";
  const auto first = captured.errors.substr(0, captured.errors.find('\n'));
  if (!first.empty()) message += ": " + printable(to_utf8(first), kShown);
  return Error(Errc::exec_failed, std::move(message));
}

}  // namespace

Exec::Exec(const ExecArgs& args, RunContext& context) : args_(args), context_(context) {
  for (const auto& text : args.argv) argv_.push_back(compile_template(text));
  if (args.input) input_.emplace(args.input->text);
}

std::vector<const Program*> Exec::programs() const {
  if (!input_) return {};
  return {&*input_};
}

async::Task<Status> Exec::run(RecordReceiver in, RecordSender out) {
  in_ = std::move(in);
  const std::size_t n = args_.n > 0 ? args_.n : std::max(1u, std::thread::hardware_concurrency());
  async::AsCompleted<RecordPtr, Printed> results(
      n, [this] { return pull(); }, [this](RecordPtr record) { return work(std::move(record)); }, "exec");
  auto passing = pass_on(results, std::move(out));
  co_await std::move(passing);
  in_ = RecordReceiver();
  co_return std::nullopt;
}

async::Task<std::optional<RecordPtr>> Exec::pull() {
  auto record = co_await in_.next();
  co_return std::move(record);
}

async::Task<Exec::Printed> Exec::work(RecordPtr record) {
  Printed result;
  std::string printed;
  if (!record->failed()) {
    auto executing = execute(*record, printed);
    auto error = co_await std::move(executing);
    if (error) record->fail(std::move(*error), "exec");
    if (!error && args_.as_records) co_return to_records(std::move(record), printed);
  }
  result.push_back(std::move(record));
  co_return std::move(result);
}

async::Task<Status> Exec::execute(Record& record, std::string& printed) {
  std::vector<std::string> argv;
  std::string input;
  auto error = prepare(record, argv, input);
  if (error) co_return error;
  auto running = run_command(std::move(argv), std::move(input));
  auto result = co_await std::move(running);
  if (!result) co_return std::move(result.error());
  printed = std::move(*result);
  if (args_.as_records) co_return std::nullopt;
  if (printed.ends_with('\n')) printed.pop_back();
  JsonDoc doc;
  const std::string json = json_text(printed);
  doc.parse(json);
  co_return assign(record, "meta.exec", doc.root());
}

Exec::Printed Exec::to_records(RecordPtr record, const std::string& printed) {
  Printed made;
  LineSplitter lines(kMaxLine);
  lines.feed(printed);
  for (;;) {
    auto line = lines.next();
    if (!line) line = lines.finish();
    if (!line) break;
    auto child = parse_line(line->text, record->line);
    if (!child) continue;
    auto born = descend(*record, static_cast<std::uint32_t>(made.size()));
    born->request = std::move(child->request);
    born->input = std::move(child->input);
    born->output = std::move(child->output);
    born->sha256 = std::move(child->sha256);
    born->mirrors = std::move(child->mirrors);
    if (!child->meta.empty()) born->meta = std::move(child->meta);
    if (child->error) born->fail(std::move(*child->error), "exec");
    born->id = ++context_.last_id;
    born->born = context_.loop.now();
    born->ticket = context_.ledger.take();
    made.push_back(std::move(born));
  }
  record->ticket.settle(made.empty() ? Outcome::skipped : Outcome::ok);
  return made;
}

Status Exec::prepare(Record& record, std::vector<std::string>& argv, std::string& input) {
  view_.look_at(record);
  for (const auto& text : argv_) {
    std::string word;
    if (auto error = text.expand(view_, word)) return error;
    if (word.find('\0') != std::string::npos) {
      return Error(Errc::exec_failed, "an argument of the command would hold a NUL byte");
    }
    argv.push_back(std::move(word));
  }
  if (!input_) return std::nullopt;
  if (auto error = input_->outputs(record, view_, outputs_)) return error;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    JsonDoc doc;
    doc.parse(outputs_[i]);
    input += doc.root().is(JsonKind::string) ? doc.root().text() : std::string(outputs_[i]);
    input += '\n';
  }
  return std::nullopt;
}

async::Task<Result<std::string>> Exec::run_command(std::vector<std::string> argv, std::string input) {
  io::Command command;
  command.argv = std::move(argv);
  command.feed = input_.has_value();
  command.errors = io::ErrorOutput::pipe;
  const std::string name = command.argv.front();
  io::CaptureLimits limits;
  auto running = io::run_process(context_.loop, std::move(command), std::move(input), limits);
  std::optional<Result<io::Captured>> captured;
  if (args_.timeout.count() > 0) {
    try {
      auto limited = async::wait_for(std::move(running), args_.timeout);
      captured.emplace(co_await std::move(limited));
    } catch (const async::TimeoutError&) {
    }
    if (!captured)
      co_return Error(Errc::exec_failed, "\"" + printable(name, 200) + "\" took longer than timeout=");
  } else {
    captured.emplace(co_await std::move(running));
  }
  if (!*captured) {
    co_return Error(Errc::exec_failed,
                    "can't run \"" + printable(name, 200) + "\": " + captured->error().message);
  }
  if (!(*captured)->status.ok() || (*captured)->too_much) co_return failure(name, **captured);
  co_return std::move((*captured)->output);
}

}  // namespace leat::pipelines
