#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/async/clock.hpp"
#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/http/message/redirect_rule.hpp"
#include "engine/http/message/robots_txt.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/text_map.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// What the robots.txt of each origin lets a fetch have (RFC 9309). It is asked for when a URL of the origin
/// is looked at first, once by all who want to know, and again after a day.
///
/// A server that answers 4xx has none, and allows everything. One that can't be had allows nothing: then its
/// records fail with what was wrong, and it is asked again after a minute. Loop thread only, but for what
/// says otherwise.
class Robots {
 public:
  /// Sends a GET for that URL without anything that is the user's own, follows up to five redirects, and
  /// gives a record with what came of it: a response with its body, or an error.
  using Ask = std::function<async::Task<RecordPtr>(std::string url)>;

  static constexpr async::Duration kAge = std::chrono::hours(24);
  static constexpr async::Duration kFailureAge = std::chrono::minutes(1);
  static constexpr int kMostRedirects = 5;

  /// `user_agent` is what the fetch sends as that.
  Robots(async::EventLoop& loop, std::string_view user_agent, Ask ask);

  /// Has the answer for the URL's origin there. May wait.
  async::Task<void> learn(std::string origin);
  /// Whether `learn` would wait.
  [[nodiscard]] bool knows(std::string_view origin) const;

  /// Whether anything was ever learnt of that origin. Any thread.
  [[nodiscard]] bool has_answer(std::string_view origin) const;
  /// Why that URL is not to be fetched; nothing if it may be, or if nothing was ever learnt. `blocked`, which
  /// is for good, is what a rule refuses; any other code is that of a robots.txt that can't be had. Any
  /// thread.
  [[nodiscard]] Status refusal(const http::Url& url) const;
  /// The time between two starts that the origin asks for.
  [[nodiscard]] async::Duration delay(std::string_view origin) const;

 private:
  struct Origin {
    http::RobotsTxt rules;
    std::optional<Error> failure;
    async::TimePoint stale_at{};
    bool known = false;
    std::shared_ptr<async::Event> asking;  // set when the answer is there; null while nobody asks
  };
  class Asking;

  [[nodiscard]] bool is_fresh(const Origin& origin) const;
  void take(Origin& origin, std::string_view name, const Record& answer);

  async::EventLoop& loop_;
  const std::string product_;
  const Ask ask_;
  mutable std::mutex mutex_;  // redirects are looked at on the threads of transfers
  text::TextMap<Origin> origins_;
};

/// Keeps a record's redirects to what robots.txt allows, on top of the rule that the request has already, for
/// as long as this lives. Where a redirect leads to an origin that is not known yet, the request ends, and
/// `unknown` says which origin to learn before it is sent again.
class RobotsRule final {
 public:
  RobotsRule(const Robots& robots, http::Request& request);
  RobotsRule(const RobotsRule&) = delete;
  RobotsRule& operator=(const RobotsRule&) = delete;
  ~RobotsRule();

  /// Empty if it is known what robots.txt says of all redirects so far. Forgets it.
  [[nodiscard]] std::string take_unknown();
  /// Whether a rule of robots.txt has refused a redirect.
  [[nodiscard]] bool has_refused() const;

 private:
  class Rule;
  http::Request& request_;
  std::shared_ptr<const http::RedirectRule> before_;
  std::shared_ptr<Rule> rule_;
};

/// For the request of a robots.txt itself.
class FewRedirects final : public http::RedirectRule {
 public:
  [[nodiscard]] Status check(const std::string& target) const override;

 private:
  mutable std::atomic<int> followed_ = 0;
};

}  // namespace leat::pipelines
