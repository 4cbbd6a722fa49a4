#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engine/http/gate/host_gate.hpp"
#include "engine/http/gate/retry_policy.hpp"
#include "engine/http/message/response.hpp"
#include "engine/http/performer.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/stages/network/first_output.hpp"
#include "pipelines/stages/network/host_breaker.hpp"
#include "pipelines/stages/network/request_body.hpp"
#include "pipelines/stages/network/upload.hpp"
#include "pipelines/stages/record/set.hpp"
#include "pipelines/stages/sink/save.hpp"

namespace leat::pipelines {

class RecordBody;
class Robots;
class StageRow;
class StreamedBody;

/// The arguments of `fetch` are shared with other stages and with `leat bench`: see FetchArgs.
[[nodiscard]] const StageRow& row_of(const FetchArgs& args) noexcept;

/// fetch: sends each record's request, `n` at once, and passes the records on as they complete.
///
/// A record is pulled only when there is a slot that no record in here could use. A slot is held while a
/// transfer runs, not while its record waits for its origin, to be tried again or to be sent on; how many
/// records may be in here at all is bounded by `window`. A `save` right behind is fused: its files are
/// written from here. With `stream`, what an answer's body is made of becomes records while it comes, and the
/// record that it answers has ended when all of it has come.
class Fetch final : public Stage, public Fetching {
 public:
  Fetch(FetchArgs args, RunContext& context);
  ~Fetch() override;

  /// The stage that failures are said to be of, where it is not this one; before `run`.
  void set_stage(const char* name) noexcept { stage_ = name; }
  /// Who hears of each record that is not sent on because another process of the job does it; before `run`.
  void when_let_go(std::function<void()> hear) { let_go_ = std::move(hear); }
  [[nodiscard]] Fetching* fetching() noexcept override { return this; }
  Status set_body_use(BodyUse use, const StageArgs* save) override;
  /// Its own order is put right behind it.
  void put_in_sequence(const std::string& /*name*/, std::size_t /*reach*/) override {}

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] StageLoad load() const override;
  /// Those that are asked about records on their way to it.
  [[nodiscard]] std::vector<const Program*> programs() const override;

 private:
  struct Job {
    Job(RecordPtr r, http::HostGate::Slot s) noexcept : record(std::move(r)), slot(std::move(s)) {}
    RecordPtr record;
    http::HostGate::Slot slot;
    bool polled = false;      // one request of a record that is prepared, and goes on afterwards
    bool for_robots = false;  // for a robots.txt
  };
  class Attempts;

  async::Task<std::optional<Job>> pull();
  async::Task<RecordPtr> work(Job job);
  /// What ends a record whose children are all there. Gives null.
  [[nodiscard]] static RecordPtr end_parent(Record& parent, const StreamedBody& streamed);
  /// As `work`, again and again while until= has no output.
  async::Task<RecordPtr> poll(Job job);
  /// Whether `until` holds of what has come; false as well where nothing good has.
  async::Task<bool> is_to_be_asked_again(Record& record, async::TimePoint begun);
  /// Sends a request for a robots.txt, and gives the record of it back.
  async::Task<RecordPtr> ask_robots(std::string url);
  /// Whether robots.txt lets the record's URL be fetched; else the record has ended. Gives the vacancy back
  /// if it has to wait for that file. Both outlive it.
  async::Task<bool> is_allowed(Record& record, http::HostGate::Slot& vacancy);
  async::Task<Result<http::Response>> race(Record& record, RecordBody& body, Attempts& attempts,
                                           http::HostGate::Slot slot);
  async::Task<Result<http::Response>> split(Record& record, RecordBody& body, Attempts& attempts,
                                            http::HostGate::Slot slot);
  [[nodiscard]] bool may_split(const RecordBody& body) const;
  bool go_slower();
  Status start_performer();
  Status start_client();
  class Finishing;
  [[nodiscard]] std::size_t most_untaken() const noexcept;
  [[nodiscard]] bool is_replay() const noexcept { return context_.player != nullptr; }
  static void start_over(Record& record);
  void prepare(Record& record);
  /// Makes the request what the stage's arguments say.
  Status shape(Record& record);
  /// The claim of a record that is to be saved; nothing also if the record has ended here.
  std::optional<Save::Claim> claim(Record& record) const;
  [[nodiscard]] bool keeps_versions() const noexcept;
  /// Of a file that was written just now.
  void keep_version(std::uint64_t url, const Record& record, const Save::Claim& claim) const;
  /// The file that stands there has the record's sums, so that there is nothing to fetch.
  async::Task<bool> is_there(Record& record, Save::Claim& claim) const;
  void cancel(Record& record, int attempts) const;
  /// Owes an origin what the process of the job that had its records before owed it.
  void heed_past(std::string_view origin);
  /// Says what the gate has found out about an origin to whoever has its records next.
  void tell_health(std::string_view origin);
  /// Heeds from now on what other processes of the job say of origins, if those are in parts.
  void hear_of_origins();
  /// Whether origins are in parts, of which other processes of the job may have some.
  [[nodiscard]] bool is_divided() const noexcept;
  /// False if the record was let go, since another process of the job does it.
  [[nodiscard]] bool is_ours(Record& record) const;

  FetchArgs args_;
  RunContext& context_;
  std::unique_ptr<Save> save_;
  const char* stage_ = "fetch";
  std::function<void()> let_go_ = [] {};
  BodyUse body_use_ = BodyUse::none;
  std::unique_ptr<http::Performer> client_;
  std::unique_ptr<http::Performer> recorder_;
  http::Performer* performer_ =
      nullptr;  // what requests are sent by: the client, a recorder before it, a player
  http::HostGate gate_;
  HostBreaker breaker_;
  http::RetryPolicy retry_;
  Set shape_;
  std::optional<Upload> upload_;
  std::optional<RequestBody> request_body_;
  std::optional<FirstOutput> until_;
  std::shared_ptr<Robots> robots_;  // null: they are not asked
  RecordView view_;
  RecordReceiver in_;
  RecordSender children_;    // only with `stream`, and while it runs
  std::size_t untaken_ = 0;  // records that are through and that nobody has taken yet
  std::optional<async::Event> taken_;
  const std::uint64_t maker_;   // tells its requests from those of other stages
  int out_of_descriptors_ = 0;  // transfers in a row that found none left
};

}  // namespace leat::pipelines
