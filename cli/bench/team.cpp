#include "cli/bench/team.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "cli/bench/team_clock.hpp"
#include "cli/bench/team_scripts.hpp"
#include "engine/async/sleep.hpp"
#include "engine/load/estimates.hpp"
#include "engine/load/recorder.hpp"
#include "engine/load/result_bytes.hpp"
#include "engine/load/run_sequence.hpp"
#include "engine/load/verdict.hpp"
#include "engine/redis/client.hpp"
#include "engine/redis/process_name.hpp"
#include "engine/text/number.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

constexpr async::Duration kLook{std::chrono::milliseconds(50)};
constexpr async::Duration kTell{std::chrono::seconds(1)};
/// Between the last one's coming and the start: time enough for all to learn of it.
constexpr std::chrono::milliseconds kLead{1500};
/// The same of the runs after the first, of which --vs makes many.
constexpr std::chrono::milliseconds kNextLead{250};
constexpr async::Duration kMeetingLook{std::chrono::milliseconds(20)};
constexpr async::Duration kAway{std::chrono::seconds(30)};
constexpr const char* kKept = "3600";  // seconds

/// One of the others, or this one, as Redis knows it.
struct Member {
  std::string id;
  std::string name;
  std::size_t threads = 1;
  async::Duration silent{0};
};

// The first line that the two don't share, as the other one has it and as this one does.
std::string difference(std::string_view theirs, std::string_view mine) {
  while (!theirs.empty() || !mine.empty()) {
    const auto their_line = theirs.substr(0, theirs.find('\n'));
    const auto my_line = mine.substr(0, mine.find('\n'));
    if (their_line != my_line) {
      return fmt::format("\"{}\" there, \"{}\" here", text::printable(their_line, 200),
                         text::printable(my_line, 200));
    }
    theirs.remove_prefix(std::min(their_line.size() + 1, theirs.size()));
    mine.remove_prefix(std::min(my_line.size() + 1, mine.size()));
  }
  return "nothing that could be named";
}

}  // namespace

struct Team::Impl {
  Impl(async::EventLoop& l, TeamOptions o)
      : loop(l),
        options(std::move(o)),
        client(l, redis::ClientOptions(options.url)),
        teller(l, redis::ClientOptions(options.url)),
        name(text::printable(redis::process_name(), 80)) {
    std::random_device random;
    id = fmt::format("{:08x}{:08x}", random(), random());
  }

  async::Task<Result<redis::Reply>> run(redis::Client& with, redis::Command command);
  async::Task<Status> look(redis::Client& with);
  async::Task<Status> wait_for_all();
  async::Task<Result<std::string>> result_of_member(const Member& member);
  [[nodiscard]] std::string key(const std::string& what) const {
    return "leat:{" + options.url.name + "}:" + what;
  }
  [[nodiscard]] std::string run_key(const std::string& what) const {
    return key(epoch + ":" + std::to_string(runs) + ":" + what);
  }
  [[nodiscard]] std::size_t threads_each(const load::LoadPlan& plan) const;
  [[nodiscard]] Error missing() const;
  /// The place of the member that prints the report: the first of those whose parts have come.
  [[nodiscard]] std::size_t printer() const;

  async::EventLoop& loop;
  TeamOptions options;
  redis::Client client;
  redis::Client teller;
  std::string id;
  std::string name;
  std::string state;
  std::string epoch;  // tells this team from earlier ones of the same name
  std::vector<Member> members;
  std::size_t place = 0;  // among them
  std::size_t runs = 0;
  TeamClock clock;
  async::Duration late{0};  // how long after the instant it learned of it
  std::vector<MemberRow> rows;
  std::vector<load::LoadResult> sums;  // what the rows are made of, while it is kept
  int gave_up = 0;                     // how often
};

async::Task<Result<redis::Reply>> Team::Impl::run(redis::Client& with, redis::Command command) {
  auto calling = with.insist_on_one(std::move(command), kAway);
  auto reply = co_await std::move(calling);
  if (reply.ok() && reply->is_error()) co_return with.error_of(*reply);
  co_return reply;
}

// Tells that this member lives, and learns of the others.
async::Task<Status> Team::Impl::look(redis::Client& with) {
  redis::Command command{"EVAL", team_scripts::kLook, "2", key("team"), key("members"), id};
  auto running = run(with, std::move(command));
  auto reply = co_await std::move(running);
  if (!reply) co_return std::move(reply.error());
  const auto& words = reply->items;
  if (words.size() < 2) {
    co_return Error(Errc::reset,
                    fmt::format("the team \"{}\" has gone on without this member, of which it had heard "
                                "nothing for too long",
                                text::printable(options.url.name, 100)));
  }
  state = words[0].text;
  epoch = words[1].text;
  members.clear();
  for (std::size_t i = 2; i + 3 < words.size(); i += 4) {
    Member member;
    member.id = words[i].text;
    member.name = text::printable(words[i + 1].text, 100);
    member.threads = text::parse_number<std::size_t>(words[i + 2].text).value_or(1);
    member.silent =
        std::chrono::milliseconds(text::parse_number<std::int64_t>(words[i + 3].text).value_or(0));
    if (member.id == id) place = members.size();
    members.push_back(std::move(member));
  }
  co_return std::nullopt;
}

Error Team::Impl::missing() const {
  std::string here;
  for (const auto& member : members) here += (here.empty() ? "" : ", ") + member.name;
  return Error(
      Errc::timeout,
      fmt::format("{} of {} members of the team \"{}\" have come within {}: {}; {} missing", members.size(),
                  options.size, text::printable(options.url.name, 100), text::format_duration(options.wait),
                  here,
                  options.size - members.size() == 1 ? std::string("one is")
                                                     : fmt::format("{} are", options.size - members.size())));
}

async::Task<Status> Team::Impl::wait_for_all() {
  const async::TimePoint end = async::later(loop.now(), options.wait);
  for (;;) {
    auto looking = look(client);
    if (auto error = co_await std::move(looking)) co_return error;
    if (state == "running") co_return std::nullopt;
    if (gave_up > 0) co_return Error(Errc::cancelled, "ended while it waited for its team");
    if (loop.now() >= end) co_return missing();
    co_await async::sleep_for(kLook);
  }
}

std::size_t Team::Impl::threads_each(const load::LoadPlan& plan) const {
  std::size_t least = plan.threads;
  for (const auto& member : members) least = std::min(least, member.threads);
  return std::clamp<std::size_t>(least, 1, std::max<std::size_t>(1, plan.connections() / options.size));
}

Team::Team(async::EventLoop& loop, TeamOptions options)
    : impl_(std::make_unique<Impl>(loop, std::move(options))) {}
Team::~Team() = default;

async::Task<Status> Team::join(std::string lines, std::size_t threads) {
  Impl& team = *impl_;
  redis::Command command{"EVAL",
                         team_scripts::kJoin,
                         "2",
                         team.key("team"),
                         team.key("members"),
                         team.id,
                         std::to_string(team.options.size),
                         lines,
                         team.name,
                         std::to_string(threads)};
  auto running = team.run(team.client, std::move(command));
  auto reply = co_await std::move(running);
  if (!reply) co_return std::move(reply.error());
  const std::string called = "the team \"" + text::printable(team.options.url.name, 100) + "\"";
  const std::string said = reply->items.empty() ? "" : reply->items[0].text;
  const std::string theirs = reply->items.size() < 2 ? "" : reply->items[1].text;
  if (said == "running")
    co_return Error(Errc::bad_input,
                    called + " is complete and runs; wait until it has ended, or name another one");
  if (said == "size")
    co_return Error(Errc::bad_input,
                    fmt::format("{} has --size {} there, {} here", called, theirs, team.options.size));
  if (said == "plan")
    co_return Error(Errc::bad_input, called + " has another plan: " + difference(theirs, lines));
  auto waiting = team.wait_for_all();
  co_return co_await std::move(waiting);
}

void Team::give_up() noexcept { ++impl_->gave_up; }

// What goes wrong here is said where somebody waits.
async::Task<void> Team::keep_telling() {
  Impl& team = *impl_;
  for (;;) {
    redis::Command command{"EVAL", team_scripts::kLook, "2", team.key("team"), team.key("members"), team.id};
    auto running = team.run(team.teller, std::move(command));
    static_cast<void>(co_await std::move(running));
    co_await async::sleep_for(kTell);
  }
}

load::LoadPlan Team::share_of(load::LoadPlan plan) const {
  plan.threads = impl_->threads_each(plan);
  plan.first_thread = impl_->place * plan.threads;
  plan.all_threads = impl_->options.size * plan.threads;
  return plan;
}

load::LoadPlan Team::whole_of(load::LoadPlan plan) const {
  plan.threads = impl_->options.size * impl_->threads_each(plan);
  return plan;
}

async::Task<Result<async::TimePoint>> Team::meet() {
  Impl& team = *impl_;
  ++team.runs;
  auto measuring = team.clock.measure(team.client);
  if (auto error = co_await std::move(measuring)) co_return std::move(*error);
  for (;;) {
    redis::Command command{"EVAL",
                           team_scripts::kMeet,
                           "2",
                           team.run_key("meet"),
                           team.run_key("start"),
                           team.id,
                           std::to_string(team.options.size),
                           std::to_string((team.runs == 1 ? kLead : kNextLead).count())};
    auto running = team.run(team.client, std::move(command));
    auto reply = co_await std::move(running);
    if (!reply) co_return std::move(reply.error());
    if (const auto start = text::parse_number<std::int64_t>(reply->text)) {
      const async::TimePoint begin = team.clock.here(std::chrono::microseconds(*start));
      team.late = std::max(team.loop.now() - begin, async::Duration(0));
      co_return begin + team.late;
    }
    if (team.gave_up > 0) co_return Error(Errc::cancelled, "ended while it waited for its team");
    auto looking = team.look(team.client);
    if (auto error = co_await std::move(looking)) co_return std::move(*error);
    for (const auto& member : team.members) {
      if (member.silent < kDeadAfter) continue;
      co_return Error(Errc::reset,
                      fmt::format("the member {} was not heard of for {}: without it the team does not "
                                  "begin another run",
                                  member.name, text::format_duration(kDeadAfter)));
    }
    co_await async::sleep_for(kMeetingLook);
  }
}

// Nothing of one that is dead, since a part of its part would look like the whole. One that has left is as
// silent, but has handed its part over before; so that is asked for once more.
async::Task<Result<std::string>> Team::Impl::result_of_member(const Member& member) {
  for (bool is_silent = false;;) {
    redis::Command command{"GET", run_key("result:" + member.id)};
    auto running = run(client, std::move(command));
    auto reply = co_await std::move(running);
    if (!reply) co_return std::move(reply.error());
    if (!reply->is_nothing()) co_return std::move(reply->text);
    if (is_silent) co_return std::string();
    if (gave_up > 1)
      co_return Error(Errc::cancelled, "ended while the others had not handed over their parts");
    auto looking = look(client);
    if (auto error = co_await std::move(looking)) co_return std::move(*error);
    const auto now =
        std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.id == member.id; });
    is_silent = now == members.end() || now->silent >= kDeadAfter;
    if (!is_silent) co_await async::sleep_for(kLook);
  }
}

// `plan` is that of the whole team: what is asked of it here is the same for each member's part.
MemberRow row_of(const Member& member, const load::LoadPlan& plan, const load::LoadResult& part) {
  MemberRow row;
  row.name = member.name;
  row.is_here = true;
  row.totals = part.totals;
  row.rate = part.rate();
  row.measured = part.measured;
  row.response = part.latency.response;
  row.verdict = load::judge(plan, part);
  return row;
}

// The first is taken as it is: what a sum leaves out is then there.
void add_part(load::LoadResult& sum, load::LoadResult part, const load::LoadPlan& plan) {
  load::settle_rate(part, plan);
  if (sum.by_target.empty()) {
    sum = std::move(part);
  } else {
    load::append(sum, part);
  }
}

async::Task<Result<load::LoadResult>> Team::gather(load::LoadPlan plan, const load::LoadResult& own) {
  Impl& team = *impl_;
  std::string bytes = team.clock.text();
  if (team.late.count() > 0) bytes += fmt::format(", began {} late", text::format_elapsed(team.late));
  bytes += "\n" + load::bytes_of(own);
  redis::Command command{"SET", team.run_key("result:" + team.id), std::string(), "EX", kKept};
  command[2] = std::move(bytes);  // they may be many
  auto running = team.run(team.client, std::move(command));
  if (auto reply = co_await std::move(running); !reply) co_return std::move(reply.error());
  team.rows.clear();
  std::vector<load::LoadResult> parts;
  const std::vector<Member> all = team.members;
  team.sums.resize(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Member& member = all[i];
    auto getting = team.result_of_member(member);
    auto got = co_await std::move(getting);
    if (!got) co_return std::move(got.error());
    if (got->empty()) {
      MemberRow& dead = team.rows.emplace_back();
      dead.name = member.name;
      continue;
    }
    const auto end = got->find('\n');
    auto part = load::result_of(std::string_view(*got).substr(std::min(end + 1, got->size())));
    if (!part)
      co_return Error(Errc::bad_response, "from the member " + member.name + ": " + part.error().message);
    if (part->by_target.size() != own.by_target.size() || part->by_stage.size() != own.by_stage.size())
      co_return Error(Errc::bad_response, "from the member " + member.name + ": its targets are others");
    add_part(team.sums[i], *part, plan);
    team.rows.push_back(row_of(member, plan, team.sums[i]));
    team.rows.back().clock = got->substr(0, end);
    parts.push_back(std::move(*part));
  }
  co_return load::merge_members(std::move(parts), plan);
}

const std::vector<MemberRow>& Team::rows() const noexcept { return impl_->rows; }

void Team::begin_rows() noexcept { impl_->sums.clear(); }

bool Team::has_lost_member() const noexcept {
  return std::any_of(impl_->rows.begin(), impl_->rows.end(),
                     [](const MemberRow& row) { return !row.is_here; });
}

std::size_t Team::Impl::printer() const {
  const auto here = std::find_if(rows.begin(), rows.end(), [](const MemberRow& row) { return row.is_here; });
  return here == rows.end() ? 0 : static_cast<std::size_t>(here - rows.begin());
}
bool Team::prints() const { return impl_->place == impl_->printer(); }

std::string Team::sentence() const {
  const auto& members = impl_->members;
  const std::size_t printer = impl_->printer();
  const std::string first = printer < members.size() ? members[printer].name : "the first member";
  return fmt::format("this was member {} of {} of the team \"{}\"; {} prints the report\n", impl_->place + 1,
                     impl_->options.size, text::printable(impl_->options.url.name, 100), first);
}

// Everybody has what they need by then; what nobody removes expires.
async::Task<void> Team::leave() {
  Impl& team = *impl_;
  redis::Command command{"EVAL", team_scripts::kLeave, "2", team.key("team"), team.key("members"), team.id};
  auto running = team.run(team.client, std::move(command));
  static_cast<void>(co_await std::move(running));
}

}  // namespace leat::cli
