// ceiling BASE-URL COUNT JOBS [BASES] measures what libcurl costs by itself. BASES is a file with one base
// URL on each line; they are used in turn in place of BASE-URL, with a connection kept to each.
//
// This is the simple loop that people write from curl's documentation: one curl_multi, its socket interface
// on uv_poll, a uv_timer for its time-outs, and a handle that is used again for the next URL when its
// transfer is done. There are no results, no tasks and no error handling. `tests/bench/get` compares the CPU
// time of a request in `leat get` with that of this program.

#include <curl/curl.h>
#include <uv.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

struct Loop {
  CURLM* multi = nullptr;
  uv_timer_t timer{};
  std::vector<std::string> bases;
  long left = 0;
  long next = 0;
  long failed = 0;
};

struct Socket {
  uv_poll_t poll{};
  curl_socket_t fd = 0;
};

Loop loop;

std::size_t ignore_body(char*, std::size_t size, std::size_t count, void*) { return size * count; }

void start(CURL* easy) {
  const auto& base = loop.bases[static_cast<std::size_t>(loop.next) % loop.bases.size()];
  const std::string url = base + std::to_string(loop.next++);
  --loop.left;
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_multi_add_handle(loop.multi, easy);
}

void drain() {
  int queued = 0;
  while (const CURLMsg* message = curl_multi_info_read(loop.multi, &queued)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const easy = message->easy_handle;
    if (message->data.result != CURLE_OK) ++loop.failed;
    curl_multi_remove_handle(loop.multi, easy);
    if (loop.left > 0) {
      start(easy);
    } else {
      curl_easy_cleanup(easy);
    }
  }
}

void on_poll(uv_poll_t* handle, int status, int events) {
  const auto* socket = static_cast<Socket*>(handle->data);
  int mask = status < 0 ? CURL_CSELECT_ERR : 0;
  if ((events & UV_READABLE) != 0) mask |= CURL_CSELECT_IN;
  if ((events & UV_WRITABLE) != 0) mask |= CURL_CSELECT_OUT;
  int running = 0;
  curl_multi_socket_action(loop.multi, socket->fd, mask, &running);
  drain();
}

int on_socket(CURL*, curl_socket_t fd, int what, void*, void* known) {
  auto* socket = static_cast<Socket*>(known);
  if (what == CURL_POLL_REMOVE) {
    if (socket == nullptr) return 0;
    uv_poll_stop(&socket->poll);
    uv_close(reinterpret_cast<uv_handle_t*>(&socket->poll),
             [](uv_handle_t* handle) { delete static_cast<Socket*>(handle->data); });
    curl_multi_assign(loop.multi, fd, nullptr);
    return 0;
  }
  if (socket == nullptr) {
    socket = new Socket;
    socket->fd = fd;
    uv_poll_init_socket(uv_default_loop(), &socket->poll, fd);
    socket->poll.data = socket;
    curl_multi_assign(loop.multi, fd, socket);
  }
  const int events =
      ((what & CURL_POLL_IN) != 0 ? UV_READABLE : 0) | ((what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0);
  uv_poll_start(&socket->poll, events, on_poll);
  return 0;
}

void on_timer(uv_timer_t*) {
  int running = 0;
  curl_multi_socket_action(loop.multi, CURL_SOCKET_TIMEOUT, 0, &running);
  drain();
}

int on_timeout(CURLM*, long milliseconds, void*) {
  if (milliseconds < 0) {
    uv_timer_stop(&loop.timer);
  } else {
    uv_timer_start(&loop.timer, on_timer, milliseconds == 0 ? 1 : static_cast<std::uint64_t>(milliseconds),
                   0);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) {
    std::fprintf(stderr, "usage: ceiling BASE-URL COUNT JOBS [BASES]\n");
    return 2;
  }
  loop.bases = {argv[1]};
  if (argc == 5) {
    std::ifstream file(argv[4]);
    loop.bases.clear();
    for (std::string line; std::getline(file, line);) loop.bases.push_back(line);
    if (loop.bases.empty()) {
      std::fprintf(stderr, "ceiling: no URL in %s\n", argv[4]);
      return 2;
    }
  }
  loop.left = std::atol(argv[2]);
  const long jobs = std::atol(argv[3]);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  uv_timer_init(uv_default_loop(), &loop.timer);
  loop.multi = curl_multi_init();
  curl_multi_setopt(loop.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(loop.multi, CURLMOPT_TIMERFUNCTION, on_timeout);
  const auto hosts = static_cast<long>(loop.bases.size());
  curl_multi_setopt(loop.multi, CURLMOPT_MAXCONNECTS, jobs > hosts ? jobs : hosts);
  for (long i = 0; i < jobs && loop.left > 0; ++i) {
    CURL* const easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore_body);
    start(easy);
  }
  uv_run(uv_default_loop(), UV_RUN_DEFAULT);
  curl_multi_cleanup(loop.multi);
  curl_global_cleanup();
  return loop.failed == 0 ? 0 : 1;
}
