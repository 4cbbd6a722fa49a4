#pragma once

#include "tests/support/origin/routes.hpp"

/// The functions behind the table in routes.cpp, one for each route; the table's help says what each does.
namespace leat::origin {

// plain_handlers.cpp
bool answer_ok(const Exchange&);
bool answer_status(const Exchange&);
bool answer_flaky(const Exchange&);
bool answer_delay(const Exchange&);
bool answer_redirect(const Exchange&);
bool answer_redirect_to(const Exchange&);
bool answer_redirect_loop(const Exchange&);
bool answer_robots(const Exchange&);
bool answer_robots_txt(const Exchange&);
bool answer_stats(const Exchange&);
bool answer_reset_stats(const Exchange&);

// timed_handlers.cpp
bool answer_timed(const Exchange&);
bool answer_timings(const Exchange&);

// body_handlers.cpp
bool answer_size(const Exchange&);
bool answer_drip(const Exchange&);
bool answer_chunked(const Exchange&);
bool answer_close_delimited(const Exchange&);
bool answer_events(const Exchange&);
bool answer_gzip(const Exchange&);
bool answer_gzip_bomb(const Exchange&);
bool answer_endless(const Exchange&);

// range_handlers.cpp
bool answer_range(const Exchange&);
bool answer_etag(const Exchange&);

// request_handlers.cpp
bool answer_headers(const Exchange&);
bool answer_echo(const Exchange&);
bool answer_method(const Exchange&);
bool answer_cookie(const Exchange&);
bool answer_basic_auth(const Exchange&);
bool answer_disposition(const Exchange&);

// document_handlers.cpp
bool answer_help(const Exchange&);
bool answer_page(const Exchange&);
bool answer_ring(const Exchange&);
bool answer_json(const Exchange&);

// api_handlers.cpp
bool answer_graphql(const Exchange&);
bool answer_token(const Exchange&);
/// Answers 401 if the target has `token=` and the request does not have that token; else false.
bool lacks_token(const Exchange&);

// site_handlers.cpp
bool answer_site(const Exchange&);
bool answer_sitemap(const Exchange&);
bool answer_index(const Exchange&);
bool answer_item(const Exchange&);

// fault_handlers.cpp
bool answer_truncate(const Exchange&);
bool answer_truncate_chunked(const Exchange&);
bool answer_reset(const Exchange&);
bool answer_empty(const Exchange&);
bool answer_hang(const Exchange&);
bool answer_endless_headers(const Exchange&);
bool answer_huge_header(const Exchange&);
bool answer_many_1xx(const Exchange&);
bool answer_bad(const Exchange&);

}  // namespace leat::origin
