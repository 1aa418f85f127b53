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
polls-closed-on = 마감
polls-upcoming = 아직 시작하지 않은 설문조사입니다
polls-opens = 시작 예정
polls-no-choices-yet = 아직 선택할 항목이 없는 질문입니다.
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

# 투표 자격.
polls-no-cookie = 투표를 집계하지 않았습니다. 이 설문조사는 브라우저마다 한 번만 투표할 수 있는데, 브라우저가 쿠키를 보내지 않았습니다. 다시 선택해 주세요. 이 안내가 또 보이면 먼저 이 사이트의 쿠키를 허용해 주세요.
polls-cookies-off = 이 설문조사는 브라우저마다 한 번만 투표할 수 있는데, 브라우저가 이 사이트의 쿠키를 받지 않습니다. 투표하기 전에 쿠키를 허용해 주세요. 허용하기 전에는 투표를 집계할 수 없습니다.
polls-invitation = 투표 초대
polls-invitation-unknown = 없는 초대입니다. 링크가 중간에 잘렸을 수 있으니, 받은 메시지나 안내문에서 링크 전체를 다시 복사해 주세요.
polls-invitation-of-another = 다른 설문조사의 초대입니다. 받은 링크를 그대로 다시 열어 주세요.
polls-invitation-withdrawn = 취소된 초대이므로 더 이상 투표할 수 없습니다. 초대를 보낸 곳에 문의해 주세요.
polls-invitation-used = 이 초대로 이미 투표했으며, 그 투표는 집계되었습니다. 초대마다 한 번만 투표할 수 있습니다.
polls-invitation-needed = 투표를 집계하지 않았습니다. 이 설문조사는 초대받은 사람만 투표할 수 있습니다. 초대 링크를 열어 거기에서 투표해 주세요.
polls-invitation-see-poll = 설문조사 보기
polls-account-needed = 투표를 집계하지 않았습니다. 이 설문조사는 계정마다 한 번만 투표할 수 있습니다. 로그인한 다음 다시 투표해 주세요.
polls-invitation-plural = 초대
