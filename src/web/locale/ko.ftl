# 모든 페이지의 틀, 오류, 날짜.

site-name = 설문조사
site-skip = 본문으로 건너뛰기
site-menu = 주 메뉴
site-language = 언어
page-title = { $title } · 설문조사

# 날짜와 시각: "2026년 3월 1일 오전 9:05".
month-name = { $month }월
date = { $year }년 { month-name } { $day }일
date-month = { $year }년 { month-name }
date-day = { month-name } { $day }일
date-time = { date } { $half ->
    [am] 오전
   *[pm] 오후
} { $hour }:{ $minute }

# 목록의 열에 쓰는 짧은 표기.
month-short = { $month }월
time-yours = 현지 시각 { $time }
date-time-short = { $year }년 { month-short } { $day }일 { $half ->
    [am] 오전
   *[pm] 오후
} { $hour }:{ $minute }

pagination-label = 페이지
pagination-previous = 이전 페이지
pagination-next = 다음 페이지
pagination-page = { $number }페이지

error-400-title = 요청을 이해하지 못했습니다
error-400-text = 요청 내용에 잘못된 부분이 있습니다. 이전 페이지로 돌아가 입력한 내용을 확인하고 다시 시도해 주세요.
error-403-title = 허용되지 않은 요청입니다
error-403-text = 다른 사이트에서 보낸 요청이어서 아무것도 바꾸지 않았습니다. 이 사이트의 페이지를 열고 다시 시도해 주세요.
error-denied-title = 권한이 없습니다
error-denied-text = 이 계정에는 필요한 권한이 없습니다. 사이트 관리자에게 요청해 주세요.
error-closed-title = 방문자에게 열려 있지 않은 주소입니다
error-closed-text = 이 사이트의 운영자가 이 주소를 닫아 두었습니다.
error-404-title = 페이지를 찾을 수 없습니다
error-404-text = 페이지가 옮겨졌거나 삭제되었거나, 주소가 잘못 입력되었을 수 있습니다.
error-405-title = 이 주소에서는 처리할 수 없는 요청입니다
error-405-text = 브라우저에서 페이지를 열고 화면에 있는 기능을 이용해 주세요.
error-408-title = 시간이 초과되었습니다
error-408-text = 요청이 제시간에 도착하지 않아 아무것도 바꾸지 않았습니다. 다시 시도해 주세요.
error-409-title = 그사이에 내용이 바뀌었습니다
error-409-text = 하려던 작업이 지금 내용과 맞지 않아 아무것도 바꾸지 않았습니다. 내용을 다시 확인한 뒤 시도해 주세요.
error-411-title = 요청이 끝까지 도착했는지 알 수 없습니다
error-411-text = 요청에 본문의 길이가 없어 아무것도 바꾸지 않았습니다. Content-Length 헤더를 넣어 다시 보내 주세요. 브라우저는 이 헤더를 자동으로 넣고, curl에서는 --data나 --form을 쓰면 됩니다.
error-413-title = 보낸 내용이 너무 큽니다
error-413-text = 이 사이트에서 받을 수 있는 크기를 넘었습니다. 아무것도 바꾸지 않았습니다. 브라우저에서 뒤로 가면 입력한 내용이 그대로 남아 있습니다.
error-414-title = 주소가 너무 깁니다
error-414-text = 이 사이트에 있는 링크를 이용해 주세요.
error-415-title = 양식을 읽지 못했습니다
error-415-text = 페이지에 있는 양식으로 보내 주세요. 아무것도 바꾸지 않았습니다.
error-429-title = 시도 횟수가 너무 많습니다
error-429-text = 몇 분 뒤에 다시 시도해 주세요.
error-slow-title = 시간이 너무 오래 걸립니다
error-slow-text = 요청하신 내용을 찾는 데 시간이 너무 오래 걸려 중단했습니다. 검색어를 줄이거나 더 구체적으로 쓰고, 날짜나 필터를 골라 범위를 좁혀 주세요.
error-busy-title = 한 번에 하나씩 조회할 수 있습니다
error-busy-text = 앞서 요청하신 내용을 아직 조회하고 있습니다. 잠시 후 다시 시도해 주세요.
error-500-title = 서버에 문제가 생겼습니다
error-500-text = 문제를 기록해 두었으며 곧 확인하겠습니다. 투표 중이었다면 다시 투표하기 전에 결과를 먼저 확인해 주세요.
error-503-title = 지금은 응답할 수 없습니다
error-503-text = 잠시 후 다시 시도해 주세요. 투표 중이었다면 이미 집계되었을 수 있으니 결과를 먼저 확인해 주세요.
error-home = 홈으로 가기
error-request-id = 문의하실 때 이 요청 번호를 알려 주세요

time-soon = 곧
time-in-minutes = { $count }분 후
time-in-hours = { $count }시간 후
time-in-days = { $count }일 후

# API 요청이 실패했을 때의 답변. 프로그램을 만드는 사람이 읽습니다.
api-400 = 요청 형식이 올바르지 않습니다.
api-403 = 허용되지 않는 요청입니다.
api-404 = 그런 대상이나 주소가 없거나, 토큰의 사용자에게 볼 권한이 없습니다.
api-405 = 이 주소에서는 쓸 수 없는 메서드입니다. 쓸 수 있는 메서드는 Allow 헤더에 있습니다.
api-406 = API는 application/json으로만 응답합니다.
api-408 = 요청이 제시간에 도착하지 않았습니다. 아무것도 바뀌지 않았습니다.
api-413 = 본문이 이 사이트에서 받을 수 있는 크기보다 큽니다. 아무것도 바뀌지 않았습니다.
api-414 = 주소가 너무 깁니다.
api-415 = 본문은 application/json이어야 하며 Content-Type 헤더에 그렇게 표시해야 합니다. 아무것도 바뀌지 않았습니다.
api-429 = 같은 사용자의 다른 요청을 아직 처리하고 있습니다. 잠시 후 다시 시도해 주세요.
api-500 = 서버에 문제가 생겼습니다. 오류 내용은 기록되었습니다.
api-503 = 지금은 응답할 수 없습니다. 잠시 후 다시 시도해 주세요.
api-denied = 토큰의 사용자에게 이 작업을 할 권한이 없습니다.
api-invalid = 올바르지 않은 값이 있습니다. errors를 확인해 주세요. 아무것도 바뀌지 않았습니다.
api-read-only = 이 토큰으로는 읽기만 할 수 있습니다.
api-too-slow = 찾는 데 시간이 너무 오래 걸려 중단했습니다. 범위를 좁혀 주세요.
api-token-missing = 토큰이 필요합니다. "Authorization: Bearer" 헤더에 토큰을 넣어 보내 주세요.
api-token-unknown = 이 사이트에 없는 토큰입니다.
api-token-expired = 만료된 토큰입니다.
api-token-revoked = 폐기된 토큰입니다.
api-token-inactive = 이 토큰의 사용자는 활성 상태가 아닙니다.
api-error-required = 필수 값입니다.
api-error-integer = 정수여야 하며, 허용되는 최솟값 이상이어야 합니다.
api-error-time = 2026-01-31T09:00:00Z와 같은 형식의 시각이어야 하며, 더하기 기호는 %2B로 씁니다.
