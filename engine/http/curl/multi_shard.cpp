#include "engine/http/curl/multi_shard.hpp"

#include "engine/http/curl/socket_table.hpp"

namespace leat::http {

MultiShard::MultiShard(async::EventLoop& loop, SocketTable& sockets, long max_connections,
                       Multiplexing multiplexing)
    : loop_(loop), sockets_(sockets), multi_(make_multi()) {
  CURLM* multi = multi_.get();
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &MultiShard::on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &MultiShard::on_timeout);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
  // libcurl's default is four times the number of handles that are in now, so it shrinks with them.
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, max_connections);
  const bool shares = multiplexing.streams > 0;
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, shares ? CURLPIPE_MULTIPLEX : CURLPIPE_NOTHING);
  if (!shares) return;
  curl_multi_setopt(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, static_cast<long>(multiplexing.streams));
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(multiplexing.connections));
}

MultiShard::~MultiShard() { multi_.reset(); }

void MultiShard::add(Carried& carried) { curl_multi_add_handle(multi_.get(), carried.easy()); }

void MultiShard::remove(Carried& carried) noexcept { curl_multi_remove_handle(multi_.get(), carried.easy()); }

void MultiShard::act(curl_socket_t fd, int events) {
  int running = 0;  // must not be null
  curl_multi_socket_action(multi_.get(), fd, events, &running);
  drain();
}

void MultiShard::drain() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    // remove_handle frees the message, so everything is read from it first.
    CURL* const easy = message->easy_handle;
    const CURLcode code = message->data.result;
    Carried* carried = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &carried);
    if (carried->leaves(code)) curl_multi_remove_handle(multi_.get(), easy);
    carried->finished(code);
  }
}

int MultiShard::on_socket(CURL*, curl_socket_t fd, int what, void* shard, void*) {
  auto& self = *static_cast<MultiShard*>(shard);
  self.sockets_.want(self, fd, what);
  return 0;
}

int MultiShard::on_timeout(CURLM*, long timeout_ms, void* shard) {
  auto& self = *static_cast<MultiShard*>(shard);
  if (timeout_ms == 0) {
    if (!self.is_linked()) self.loop_.schedule(self);
  } else if (timeout_ms < 0) {
    self.disarm();
  } else {
    self.loop_.arm_after(self, std::chrono::milliseconds(timeout_ms));
  }
  return 0;
}

void MultiShard::run() noexcept { act(CURL_SOCKET_TIMEOUT, 0); }
void MultiShard::on_timer() noexcept { act(CURL_SOCKET_TIMEOUT, 0); }

}  // namespace leat::http
