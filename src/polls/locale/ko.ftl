polls-title = 설문조사
polls-empty = 진행 중인 설문조사가 없습니다.
polls-published = 게시일
polls-legend = 하나를 선택해 주세요
polls-vote = 투표하기
polls-no-choice = 항목을 선택하지 않았습니다.
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
