#include "pipelines/stages/network/robots.hpp"

#include <algorithm>
#include <utility>

#include "engine/http/message/status_text.hpp"
#include "engine/text/printable.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kShown = 200;  // bytes of a rule in a message
constexpr std::string_view kHowToIgnore = "; robots=ignore fetches it all the same";

}  // namespace

/// The time in which one record asks for all.
class Robots::Asking {
 public:
  explicit Asking(Origin& origin) : origin_(origin), done_(std::make_shared<async::Event>()) {
    origin_.asking = done_;
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;
  ~Asking() {
    origin_.asking.reset();
    done_->set();
  }

 private:
  Origin& origin_;
  std::shared_ptr<async::Event> done_;
};

Robots::Robots(async::EventLoop& loop, std::string_view user_agent, Ask ask)
    : loop_(loop), product_(http::product_token(user_agent)), ask_(std::move(ask)) {}

bool Robots::is_fresh(const Origin& origin) const { return origin.known && loop_.now() < origin.stale_at; }

bool Robots::knows(std::string_view origin) const {
  const auto found = origins_.find(origin);
  return found != origins_.end() && is_fresh(found->second);
}

bool Robots::has_answer(std::string_view origin) const {
  const std::lock_guard lock(mutex_);
  const auto found = origins_.find(origin);
  return found != origins_.end() && found->second.known;
}

// If the one who asks is cancelled, the next one asks.
async::Task<void> Robots::learn(std::string name) {
  Origin* origin = nullptr;
  {
    const std::lock_guard lock(mutex_);
    origin = &origins_[name];
  }
  while (!is_fresh(*origin)) {
    if (origin->asking) {
      const auto asking = origin->asking;
      co_await asking->wait();
      continue;
    }
    const Asking asking(*origin);
    auto sending = ask_(name + "/robots.txt");
    const RecordPtr answer = co_await std::move(sending);
    take(*origin, name, *answer);
  }
}

// RFC 9309, 2.3.1. What is older than a day still counts where the server can't be had now.
void Robots::take(Origin& origin, std::string_view name, const Record& answer) {
  const std::lock_guard lock(mutex_);
  const int status = answer.response ? answer.response->head.status : 0;
  const Errc code = answer.error ? answer.error->code : Errc::internal;
  const bool is_away = code == Errc::too_many_redirects || code == Errc::redirect_refused ||
                       code == Errc::not_recorded || (status >= 300 && status < 500);
  const bool is_there = !answer.error && status >= 200 && status < 300;
  origin.stale_at = loop_.now() + (is_there || is_away ? kAge : kFailureAge);
  if (is_there || is_away) {
    origin.rules = is_there ? http::RobotsTxt(answer.body.value_or(""), product_) : http::RobotsTxt();
    origin.failure.reset();
  } else if (!origin.known || origin.failure) {
    Error failure = answer.error.value_or(Error(Errc::http_status, http::status_text(status)));
    failure.http_status = status;
    failure.message = "nothing of " + std::string(name) +
                      " is fetched, since its robots.txt can't be had: " + failure.message +
                      std::string(kHowToIgnore);
    origin.failure = std::move(failure);
  }
  origin.known = true;
}

Status Robots::refusal(const http::Url& url) const {
  const std::lock_guard lock(mutex_);
  const auto found = origins_.find(url.origin());
  if (found == origins_.end() || !found->second.known) return std::nullopt;
  const Origin& origin = found->second;
  if (origin.failure) return *origin.failure;
  const auto* rule = origin.rules.refuses(url.rest());
  if (rule == nullptr) return std::nullopt;
  return Error(Errc::blocked, "robots.txt refuses it to \"" + origin.rules.agent() + "\" by \"" +
                                  text::printable(rule->written, kShown) + "\" in line " +
                                  std::to_string(rule->line) + std::string(kHowToIgnore));
}

async::Duration Robots::delay(std::string_view name) const {
  const auto found = origins_.find(name);
  return found == origins_.end() ? async::Duration(0) : found->second.rules.delay();
}

class RobotsRule::Rule final : public http::RedirectRule {
 public:
  Rule(const Robots& robots, std::shared_ptr<const http::RedirectRule> before)
      : robots_(robots), before_(std::move(before)) {}

  [[nodiscard]] Status check(const std::string& target) const override {
    if (before_ != nullptr) {
      if (auto refusal = before_->check(target)) return refusal;
    }
    const http::Url url(target);
    const std::lock_guard lock(mutex_);
    if (!robots_.has_answer(url.origin())) {
      unknown_ = url.origin();
      return Error(Errc::redirect_refused, "a redirect leads to an origin whose robots.txt is not known");
    }
    auto refusal = robots_.refusal(url);
    if (!refusal) return std::nullopt;
    refused_ = refused_ || refusal->code == Errc::blocked;
    refusal->message.insert(0, "a redirect leads to a page that is not to be had: ");
    return refusal;
  }

  const Robots& robots_;
  const std::shared_ptr<const http::RedirectRule> before_;
  mutable std::mutex mutex_;  // mirrors race
  mutable std::string unknown_;
  mutable bool refused_ = false;
};

RobotsRule::RobotsRule(const Robots& robots, http::Request& request)
    : request_(request),
      before_(request.redirects),
      rule_(std::make_shared<Rule>(robots, request.redirects)) {
  request_.redirects = rule_;
}

RobotsRule::~RobotsRule() { request_.redirects = std::move(before_); }

std::string RobotsRule::take_unknown() {
  const std::lock_guard lock(rule_->mutex_);
  return std::exchange(rule_->unknown_, {});
}

bool RobotsRule::has_refused() const {
  const std::lock_guard lock(rule_->mutex_);
  return rule_->refused_;
}

Status FewRedirects::check(const std::string& /*target*/) const {
  if (++followed_ <= Robots::kMostRedirects) return std::nullopt;
  return Error(Errc::too_many_redirects, "more than five redirects");
}

}  // namespace leat::pipelines
