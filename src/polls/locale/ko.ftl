polls-title = 설문조사
polls-empty = 진행 중인 설문조사가 없습니다.
polls-published = 게시일
polls-legend = 하나를 선택해 주세요
polls-vote = 투표하기
polls-no-choice = 항목을 선택하지 않았습니다.
polls-key-malformed = 투표를 집계하지 않았습니다. Idempotency-Key 헤더는 하나만, 출력 가능한 ASCII 문자 22~255자로 보내 주세요.
polls-key-used = 이 Idempotency-Key로 이미 다른 항목에 투표했습니다. 먼저 한 투표가 유효하며, 이번 투표는 집계하지 않았습니다.
polls-voted-otherwise = 이 페이지에서 이미 다른 항목에 투표했습니다. 먼저 한 투표가 유효하며, 이번 투표는 집계하지 않았습니다. 한 번 더 투표하시려면 아래에서 선택한 뒤 투표해 주세요.
polls-confirm = 투표를 확인해 주세요. 아직 집계하지 않았습니다. 브라우저가 쿠키를 보내지 않아, 두 번 누른 것과 두 번 투표한 것을 구별할 수 없습니다.
polls-choice-gone = 선택하신 항목이 없어져 투표를 집계하지 않았습니다. 다시 선택해 주세요.
polls-too-late = 설문조사가 마감된 뒤에 도착해 투표를 집계하지 않았습니다.
polls-open-to-all = 누구나 여러 번 투표할 수 있는 설문조사입니다.
polls-open-until = 마감 예정
polls-upcoming = 아직 시작하지 않은 설문조사입니다
polls-opens = 시작 예정
polls-no-choices-yet = 아직 선택할 항목이 없는 질문입니다.
polls-all-withdrawn = 모든 항목이 철회되어 투표할 수 없습니다.
polls-see-results = 결과 보기
polls-results = 투표 결과
polls-vote-again = 다시 투표하기
polls-back = 전체 설문조사
polls-votes = { $count }표
polls-total = { $count ->
    [0] 아직 투표가 없습니다
   *[other] 총 { $count }표
}

polls-closed = 마감된 설문조사입니다
polls-closed-since = { $time }에 투표가 마감되었습니다.

# 관리자 사이트.
polls-app = 설문조사
polls-question = 질문
polls-question-plural = 질문
polls-choice = 선택지
polls-choice-plural = 선택지
polls-ballot-plural = 투표 기록
polls-field-question-text = 질문 내용
polls-field-pub-date = 게시일
polls-field-close-date = 마감일
polls-help-close-date = 이때부터 투표를 받지 않습니다. 마감이 없으면 비워 두세요.
polls-field-recent = 최근에 게시됨?
polls-field-state = 상태
polls-field-votes = 투표수
polls-field-question = 질문
polls-field-choice-text = 선택지 내용
polls-date-information = 날짜 정보
polls-filter-pub-date = 게시일
polls-filter-state = 상태
polls-filter-question = 질문
polls-filter-today = 오늘
polls-filter-past-7-days = 지난 7일
polls-filter-this-month = 이번 달
polls-filter-this-year = 올해
polls-filter-upcoming = 게시 예정
polls-filter-open = 진행 중
polls-filter-closed = 마감됨
polls-action-publish = 선택한 질문을 지금 게시
polls-action-publish-done = 질문 { $count }개가 공개 상태입니다.
polls-action-close = 선택한 질문을 지금 마감
polls-action-close-done = 질문 { $count }개가 마감 상태입니다.
polls-action-close-skipped = 아직 게시되지 않은 질문 { $count }개는 그대로 두었습니다.
polls-error-closes-first = 마감일은 게시일보다 뒤여야 합니다.
polls-error-has-votes = 투표가 있는 선택지여서 다른 질문으로 옮길 수 없습니다.
polls-error-same-choice = 다른 선택지와 똑같이 보입니다. 투표하는 사람이 구별할 수 있게 적어 주세요.
polls-panel-votes = 투표 추이
polls-panel-no-votes = 아직 투표 기록이 없습니다.
polls-figure-today = 오늘의 투표
polls-figure-open = 진행 중인 설문조사
polls-figure-busiest = 지난 7일간 가장 활발한 설문조사
polls-about = 질문에 답하고, 다른 사람들은 어떻게 답했는지 확인해 보세요.

# 투표자에게 보이는 투표 규칙.
polls-error-title = 오류:
polls-legend-approval = 찬성하는 항목을 모두 고르세요
polls-legend-exactly = 항목 { $count }개를 고르세요
polls-legend-up-to = 항목을 { $count }개까지 고르세요
polls-legend-at-least = 항목을 { $count }개 이상 고르세요
polls-legend-and-at-least = (최소 { $count }개)
polls-legend-ranked = 가장 원하는 항목부터 1, 2, 3… 순위를 매기세요. 순위를 매기지 않은 항목이 있어도 됩니다.
polls-legend-score = 항목마다 0점에서 { $count }점까지 주세요
polls-withdrawn = 철회됨
polls-once-per-browser = 브라우저마다 한 표입니다.
polls-once-per-browser-changeable = 브라우저마다 한 표입니다. 마감 전까지 다시 투표하여 바꿀 수 있습니다.
polls-once-per-account = 계정마다 한 표입니다. 먼저 로그인해 주세요. 사이트 운영자는 계정이 어디에 투표했는지 알아낼 수 있습니다.
polls-once-per-account-changeable = 계정마다 한 표입니다. 먼저 로그인해 주세요. 마감 전까지 다시 투표하여 바꿀 수 있습니다. 사이트 운영자는 계정이 어디에 투표했는지 알아낼 수 있습니다.
polls-by-invitation = 초대장마다 한 표입니다.
polls-by-invitation-changeable = 초대장마다 한 표입니다. 마감 전까지 같은 초대장으로 투표를 바꿀 수 있습니다.
polls-results-voted = 결과는 투표한 사람에게, 마감 후에는 모두에게 공개됩니다.
polls-results-closed = 결과는 마감 후에 공개됩니다.
polls-results-staff = 결과는 관리자에게만 공개됩니다.
polls-withdraw-about = 이미 투표했는데 취소하고 싶으신가요?
polls-withdraw = 내 투표 취소하기
polls-no-account = 집계되지 않았습니다. 계정마다 한 표인 투표이니 먼저 로그인해 주세요.
polls-no-invitation = 집계되지 않았습니다. 초대받은 사람만 참여하는 투표입니다. 받으신 링크를 열어 주세요.
polls-voted-already = 이 투표에 이미 참여하셨습니다. 먼저 한 투표가 유효하며, 이번 투표는 집계되지 않았습니다.
polls-choice-withdrawn = 고르신 항목이 철회되어 집계되지 않았습니다. 다시 골라 주세요.
polls-choice-twice = 같은 항목을 두 번 표시하여 집계되지 않았습니다.
polls-value-out-of-range = 순위나 점수가 범위를 벗어나 집계되지 않았습니다.
polls-too-few = 항목을 { $count }개 이상 골라 주세요. 아직 집계되지 않았습니다.
polls-too-many = 항목을 { $count }개까지만 골라 주세요. 아직 집계되지 않았습니다.
polls-rank-twice = { $count }순위를 둘 이상의 항목에 매겨 집계되지 않았습니다.
polls-rank-missing = { $count }순위를 건너뛰어 집계되지 않았습니다.

# 관리 화면의 투표 규칙.
polls-rules-ballot = 투표 방식
polls-rules-voters = 투표자와 결과
polls-field-description = 설명
polls-help-description = 투표 위에 표시됩니다. 빈 줄로 문단을 나누며, 웹 주소는 링크가 됩니다.
polls-field-kind = 투표 방식
polls-help-kind = 투표자가 어떻게 표시하고 어떻게 집계하는지를 정합니다.
polls-kind-single = 하나만 선택
polls-kind-several = 여러 개 선택
polls-kind-approval = 찬성하는 것 모두 선택
polls-kind-ranked = 순위 선택(결선 투표 방식)
polls-kind-score = 0~5점 점수
polls-kind-star = STAR: 점수 후 자동 결선
polls-field-min-choices = 최소 선택 수
polls-field-max-choices = 최대 선택 수
polls-help-number-of-choices = 여러 개 선택에만 적용됩니다. 0은 제한 없음입니다.
polls-help-min-choices = 여러 개 선택에만 적용됩니다. 0은 제한 없음입니다. 철회된 항목이 있어 고를 수 있는 항목이 이보다 적으면 남은 항목을 모두 골라야 합니다.
polls-field-voters = 투표할 수 있는 사람
polls-help-voters = 브라우저마다 한 번은 쿠키를 사용하며, 쿠키를 지우면 다시 투표할 수 있습니다. 계정은 이 사이트의 계정입니다.
polls-voters-browser = 누구나, 브라우저마다 한 번
polls-voters-account = 계정마다 한 번
polls-voters-invitation = 초대장마다 한 번
polls-voters-open = 누구나, 몇 번이든
polls-field-results = 결과 공개
polls-shown-always = 항상
polls-shown-voted = 투표한 사람에게, 마감 후에는 모두에게
polls-shown-closed = 마감 후
polls-shown-staff = 관리자에게만
polls-field-choice-order = 항목 순서
polls-order-written = 적힌 순서대로
polls-order-shuffled = 투표자마다 섞어서
polls-field-is-draft = 초안
polls-help-is-draft = 초안은 날짜와 관계없이 공개되지 않습니다.
polls-field-may-change = 투표 변경 허용
polls-help-may-change = 마감 전까지 다시 투표하거나 취소할 수 있습니다. 누구나 몇 번이든 투표하는 경우에는 적용되지 않습니다.
polls-field-position = 순서
polls-field-withdrawn = 철회
polls-help-withdrawn = 득표수와 함께 계속 보이지만 더는 고를 수 없습니다.
polls-filter-draft = 초안
polls-filter-kind = 투표 방식
polls-filter-voters = 투표할 수 있는 사람
polls-error-number-of-choices = 최대 선택 수는 최소 선택 수보다 작을 수 없습니다.
polls-error-only-tighter = 이미 투표가 있습니다. 첫 투표부터 이 규칙은 더 엄격하게만 바꿀 수 있습니다.
polls-error-fixed = 이미 이 규칙에 따른 투표가 있어 더는 바꿀 수 없습니다.
# 투표 자격.
polls-no-cookie = 투표를 집계하지 않았습니다. 이 설문조사는 브라우저마다 한 번만 투표할 수 있는데, 브라우저가 쿠키를 보내지 않았습니다. 다시 선택해 주세요. 이 안내가 또 보이면 먼저 이 사이트의 쿠키를 허용해 주세요.
polls-cookies-off = 이 설문조사는 브라우저마다 한 번만 투표할 수 있는데, 브라우저가 이 사이트의 쿠키를 받지 않습니다. 투표하기 전에 쿠키를 허용해 주세요. 허용하기 전에는 투표를 집계할 수 없습니다.
polls-invitation = 투표 초대
polls-invitation-unknown = 없는 초대입니다. 링크가 중간에 잘렸을 수 있으니, 받은 메시지나 안내문에서 링크 전체를 다시 복사해 주세요.
polls-invitation-of-another = 다른 설문조사의 초대입니다. 받은 링크를 그대로 다시 열어 주세요.
polls-invitation-withdrawn = 취소된 초대이므로 더 이상 투표할 수 없습니다. 초대를 보낸 곳에 문의해 주세요.
polls-invitation-used = 이 초대로 이미 투표했으며, 그 투표는 집계되었습니다. 초대마다 한 번만 투표할 수 있습니다.
polls-invitation-see-poll = 설문조사 보기
polls-invitation-plural = 초대
polls-log-in-to-vote = 로그인하고 투표하기


# 공개 목록, 홈, 결과.
polls-closes = 마감
polls-search = 질문과 선택지에서 찾기
polls-find = 검색
polls-searched = { $words } · 검색
polls-found = { $count ->
    [0] 이 단어가 들어 있는 설문조사가 없습니다.
   *[other] 이 단어가 들어 있는 설문조사 { $count }개를 찾았습니다.
}
polls-found-many = 설문조사를 { $count }개 넘게 찾아 앞의 것만 표시합니다. 단어를 더 넣어 범위를 좁혀 보세요.
polls-vote-now = 여기서 바로 투표하세요
polls-about-poll = 이 설문조사 페이지 보기
polls-closing = 곧 마감
polls-latest = 최근 설문조사
polls-none-open = 지금 진행 중인 설문조사가 없습니다.
polls-results-of = { $question } · 투표 결과
polls-counted = 투표가 집계되었습니다.
polls-you-chose = 선택하신 항목:
polls-leads = 현재 1위: { $choices }
polls-won = 최종 1위: { $choices }
polls-tied-so-far = 현재 공동 1위: { $choices }
polls-tied = 최종 공동 1위: { $choices }
polls-nobody = 아무도 투표하지 않았습니다.
polls-turnout = { $count ->
    [0] 아직 투표가 없습니다
   *[other] 총 { $count }명 투표
}
polls-points = { $count }점
polls-share = 비율
polls-by-votes = 득표순
polls-as-written = 설문 순서
polls-method-several = 한 사람이 여러 항목을 고를 수 있으며, 비율은 전체 투표 중 그 항목을 고른 투표의 비율입니다.
polls-method-approval = 찬성하는 항목을 모두 고르는 투표이며, 비율은 전체 투표 중 그 항목을 고른 투표의 비율입니다.
polls-method-ranked = 선호하는 순서를 매기는 투표입니다. 한 항목이 과반을 얻을 때까지 라운드마다 1순위가 가장 적은 항목을 제외하고, 그 표를 다음 순위 항목에 더합니다. 위 표는 1순위 득표입니다.
polls-method-score = 항목마다 0~5점을 주는 투표이며, 총점이 가장 높은 항목이 1위입니다. 비율은 받을 수 있는 점수 중 받은 점수입니다.
polls-method-star = 항목마다 0~5점을 주는 투표입니다. 총점이 높은 두 항목 중 더 많은 사람이 더 높은 점수를 준 항목이 1위입니다. 비율은 받을 수 있는 점수 중 받은 점수입니다.
polls-reload = 30초마다 새로 고침
polls-copy-link = 링크 복사
polls-copied = 복사했습니다
polls-rounds = 라운드별 득표
polls-exhausted = 다음 순위 없음
polls-out = { $round }라운드 제외: { $choices } (최소 득표)
polls-out-without-votes = { $round }라운드 제외: { $choices } (득표 없음)
polls-out-by-round = { $round }라운드 제외: { $choices } (최소 득표 동수, { $earlier }라운드 득표가 더 적음)
polls-out-by-lot = { $round }라운드 제외: { $choices } (최소 득표 동수, 추첨)
polls-run-off = 결선에서 더 높은 점수를 받은 투표: { $first } { $for_first }건, { $second } { $for_second }건, 같은 점수 { $neither }건.
