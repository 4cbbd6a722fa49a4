#include "engine/load/poller.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "engine/async/left_out_time.hpp"
#include "engine/async/uv_handle.hpp"
#include "engine/io/fd.hpp"

namespace leat::load {

namespace {

constexpr int kEvents = 128;  // the length of one turn
constexpr async::Duration kStretch{std::chrono::milliseconds(1)};
constexpr async::Duration kMostLead{std::chrono::microseconds(500)};
constexpr async::Duration kLeadStep{std::chrono::microseconds(1)};
constexpr int kStepsUp = 9;              // one step down
constexpr int kShareOfBusyWaiting = 10;  // a tenth of the time

io::Fd checked(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return io::Fd(fd);
}

}  // namespace

struct Poller::Impl {
  Impl(async::EventLoop& event_loop, User& its_user)
      : loop(event_loop),
        user(its_user),
        set(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
        timer(checked(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create")) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;  // which makes it unnecessary to read it
    event.data.ptr = this;
    if (epoll_ctl(set.get(), EPOLL_CTL_ADD, timer.get(), &event) != 0) {
      throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
    auto handle = std::make_unique<uv_poll_t>();
    if (const int status = uv_poll_init(loop.uv(), handle.get(), set.get()); status != 0) {
      throw std::system_error(-status, std::generic_category(), "uv_poll_init");
    }
    handle->data = this;
    poll.reset(handle.release());
    uv_poll_start(poll.get(), UV_READABLE, [](uv_poll_t* ready, int, int) {
      if (ready->data != nullptr) static_cast<Impl*>(ready->data)->take_events();
    });
  }

  void take_events() noexcept {
    async::TimePoint began = loop.now();
    const async::TimePoint enough = began + kStretch;
    is_taking = true;
    while (take_turn(began) ? began < enough : wait_busily(began)) {
    }
    is_taking = false;
    if (busy_until != async::TimePoint::max()) arm(std::exchange(busy_until, async::TimePoint::max()));
  }

  // Polls without sleeping for what is too near for the timer. Gives false if nothing is.
  bool wait_busily(async::TimePoint& began) noexcept {
    if (busy_until == async::TimePoint::max()) return false;
    began = loop.now();
    if (began < busy_until) return true;
    busy_until = async::TimePoint::max();
    user.on_turn(began);
    return true;
  }

  bool take_turn(async::TimePoint& began) noexcept {
    std::array<epoll_event, kEvents> events;
    const int count = epoll_wait(set.get(), events.data(), kEvents, 0);
    if (count <= 0) return false;
    began = loop.now();
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.ptr == this) {
        learn(began - armed_for);
        armed_for = async::TimePoint::max();
        continue;
      }
      user.on_socket(event.data.ptr, (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
    }
    user.on_turn(began);
    return true;
  }

  // Finds the time by which the timer is late in nine of ten cases.
  void learn(async::Duration late) noexcept {
    if (!std::exchange(is_ahead, false)) return;
    lead = std::clamp(lead + kLeadStep * (late > lead ? kStepsUp : -1), kLeadStep, kMostLead);
  }

  // The timer is set only to go off earlier; a turn too many is cheaper than a system call for each.
  void arm(async::TimePoint time) noexcept {
    if (time >= armed_for) return;
    armed_for = time;
    is_ahead = false;
    const async::Duration on_system = async::later(time, async::left_out_time.sum).time_since_epoch();
    const auto since_start = std::max<async::Duration>(on_system, std::chrono::nanoseconds(1));
    itimerspec spec{};
    spec.it_value.tv_sec = std::chrono::floor<std::chrono::seconds>(since_start).count();
    spec.it_value.tv_nsec = (since_start % std::chrono::seconds(1)).count();
    timerfd_settime(timer.get(), TFD_TIMER_ABSTIME, &spec, nullptr);
  }

  async::EventLoop& loop;
  User& user;
  io::Fd set;
  io::Fd timer;
  async::UvHandle<uv_poll_t> poll;  // before the set is closed
  async::TimePoint armed_for = async::TimePoint::max();
  async::Duration lead{std::chrono::microseconds(50)};
  bool is_ahead = false;   // the timer is set ahead by that much
  bool is_taking = false;  // events
  async::TimePoint busy_until = async::TimePoint::max();
};

Poller::Poller(async::EventLoop& loop, User& user) : impl_(std::make_unique<Impl>(loop, user)) {}

Poller::~Poller() = default;

bool Poller::add(int fd, void* tag) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = tag;
  return epoll_ctl(impl_->set.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void Poller::wake_at(async::TimePoint time) noexcept {
  impl_->busy_until = async::TimePoint::max();
  impl_->arm(time);
}

void Poller::wake_exactly_at(async::TimePoint time, async::TimePoint now, async::Duration gap) noexcept {
  if (impl_->lead * kShareOfBusyWaiting > gap) return wake_at(time);
  impl_->busy_until = async::TimePoint::max();
  const async::TimePoint ahead = time - impl_->lead;
  if (ahead <= now && impl_->is_taking) {
    impl_->busy_until = time;
  } else if (ahead < impl_->armed_for) {
    impl_->arm(ahead);
    impl_->is_ahead = true;
  }
}

}  // namespace leat::load
